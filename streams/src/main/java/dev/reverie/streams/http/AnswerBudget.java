package dev.reverie.streams.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Limits the bytes of the answers that clients have not read yet, counted from before an answer is encoded, and the
 * time in which a client must read an answer. Thread safe.
 *
 * <p>An eighth of the limit is reserved for JSON, so that clients that read arrays and pictures slowly cannot keep
 * others from seeing the classes and the history. One large answer at a time, of more than a quarter of the rest, is
 * not limited, because it might never fit beside many small ones. Neither is a JSON answer while no other is being
 * read. The total is therefore at most the limit, one large answer and one JSON answer.
 */
final class AnswerBudget {

    private static final long MILLIS = 1000;
    private static final int JSON_SHARE = 8;
    private static final int LARGE_SHARE = 4;

    private final ByteBudget json;
    private final ByteBudget files;
    /** Accepts one reservation of any size, as every empty budget does. */
    private final ByteBudget large = new ByteBudget(0);

    private final long fileBytes;
    private final Duration startTime;
    private final long bytesPerSecond;

    /**
     * Creates a budget of which nothing is used.
     *
     * @param bytes maximum total size of the answers, except one large answer
     * @param startTime time that a client has for reading any answer
     * @param bytesPerSecond size of the answer for which the client has a further second, at least 1
     */
    AnswerBudget(long bytes, Duration startTime, long bytesPerSecond) {
        this.json = new ByteBudget(bytes / JSON_SHARE);
        this.fileBytes = bytes - bytes / JSON_SHARE;
        this.files = new ByteBudget(fileBytes);
        this.startTime = startTime;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Returns the number of reserved bytes. */
    long used() {
        return json.used() + files.used() + large.used();
    }

    /**
     * Reserves bytes for an array file or a picture.
     *
     * @throws ProblemException if the budget is used up
     */
    ByteBudget.Reservation reserve(long bytes) {
        Optional<ByteBudget.Reservation> shared = bytes <= fileBytes ? reserve(files, bytes) : Optional.empty();
        return shared.or(() -> bytes > fileBytes / LARGE_SHARE ? reserve(large, bytes) : Optional.empty())
                .orElseThrow(AnswerBudget::overloaded);
    }

    private static Optional<ByteBudget.Reservation> reserve(ByteBudget budget, long bytes) {
        return budget.open(bytes).filter(opened -> opened.grow(bytes));
    }

    static ProblemException overloaded() {
        return ProblemException.temporary(
                ProblemType.OVERLOADED,
                "too many clients are reading large answers at once: try again after the time in Retry-After");
    }

    /**
     * Answers with JSON that is read from elsewhere, after space for it has been reserved.
     *
     * @param estimate size of the JSON in bytes; if the actual size exceeds it and does not fit, the answer fails
     * @throws ProblemException if the budget is used up
     */
    CompletionStage<HttpResponse> json(long estimate, Supplier<CompletionStage<byte[]>> read) {
        ByteBudget.Reservation reservation = reserve(json, estimate).orElseThrow(AnswerBudget::overloaded);
        return CompletableFuture.completedStage(read)
                .thenCompose(Supplier::get)
                .thenApply(bytes -> json(bytes, reservation))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        reservation.release();
                    }
                });
    }

    private HttpResponse json(byte[] bytes, ByteBudget.Reservation reservation) {
        boolean fits = reservation.resize(bytes.length)
                // an answer of any size fits while there is no other, but only as a whole
                || (reservation.resize(0) && reservation.resize(bytes.length));
        if (!fits) {
            throw overloaded();
        }
        return send(ContentTypes.APPLICATION_JSON, bytes, reservation::release)
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    /**
     * Sends bytes for which there is a reservation. The array must not change afterwards.
     *
     * @param release runs once, when the client has read the answer, has left, or has exceeded its time
     */
    HttpResponse send(ContentType type, byte[] content, Runnable release) {
        Duration time = startTime.plusMillis(MILLIS * content.length / bytesPerSecond);
        return Responses.bytes(type, content, time, release);
    }
}
