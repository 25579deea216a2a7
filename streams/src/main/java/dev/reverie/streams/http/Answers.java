package dev.reverie.streams.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Sends answers from memory. Limits the bytes of those that clients have not read yet, counted from before an answer is
 * encoded, and the time in which a client must read an answer. Thread safe.
 *
 * <p>An eighth of the limit is reserved for JSON, so that clients that read arrays and pictures slowly cannot keep
 * others from seeing the classes and the history. One large answer at a time, of more than a quarter of the rest, is
 * not limited, because it might never fit beside many small ones. Neither is an answer while no other of its kind is
 * being read. The total is therefore at most the limit, one large answer and one JSON answer.
 */
final class Answers {

    private static final long MILLIS = 1000;
    private static final int JSON_SHARE = 8;
    private static final int LARGE_SHARE = 4;

    private final ByteBudget json;
    private final ByteBudget files;
    /** Accepts one reservation of any size, as every empty budget does. */
    private final ByteBudget large = new ByteBudget(0);

    private final Duration startTime;
    private final long bytesPerSecond;
    /** The answers that several clients may be reading, by key. */
    private final Map<String, Answer> shared = new HashMap<>();

    /**
     * Creates an instance that sends nothing yet.
     *
     * @param bytes maximum total size of the answers, except one large answer
     * @param startTime time that a client has for reading any answer
     * @param bytesPerSecond size of the answer for which the client has a further second, at least 1
     */
    Answers(long bytes, Duration startTime, long bytesPerSecond) {
        this.json = new ByteBudget(bytes / JSON_SHARE);
        this.files = new ByteBudget(bytes - bytes / JSON_SHARE);
        this.startTime = startTime;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The bytes of an answer, which are reserved until the last of its readers has read them or has left. */
    private static final class Answer {

        private final ByteBudget.Reservation reservation;
        private final CompletionStage<byte[]> content;
        private int readers;

        Answer(ByteBudget.Reservation reservation, Supplier<CompletionStage<byte[]>> encode) {
            this.reservation = reservation;
            this.content = CompletableFuture.completedStage(encode)
                    .thenCompose(Supplier::get)
                    .thenApply(bytes -> {
                        if (!reservation.fit(bytes.length)) {
                            throw overloaded();
                        }
                        return bytes;
                    });
        }
    }

    long reserved() {
        return json.used() + files.used() + large.used();
    }

    /**
     * Sends JSON to one client.
     *
     * @param estimate size of the JSON in bytes; if the actual size exceeds it and does not fit, the answer fails
     * @param read reads or encodes the JSON, after space for it has been reserved
     * @throws ProblemException if there is no space
     */
    CompletionStage<HttpResponse> json(long estimate, Supplier<CompletionStage<byte[]>> read) {
        ByteBudget.Reservation reservation = json.reserve(estimate).orElseThrow(Answers::overloaded);
        return send(ContentTypes.APPLICATION_JSON, new Answer(reservation, read))
                .thenApply(response -> response.addHeader(Responses.NO_STORE));
    }

    /**
     * Sends an array file or a picture to one client.
     *
     * @param estimate size in bytes, at best an upper bound
     * @param encode encodes the file, after space for it has been reserved
     * @return fails with a {@link ProblemException} if the file does not fit after all
     * @throws ProblemException if there is no space
     */
    CompletionStage<HttpResponse> file(ContentType type, long estimate, Supplier<CompletionStage<byte[]>> encode) {
        return send(type, new Answer(reserve(estimate), encode));
    }

    /**
     * Like {@link #file}, but all clients that ask for the same content at the same time share its bytes.
     *
     * @param key identifies the content: files with equal keys are equal
     * @param encode not called while the same content is being encoded or sent
     */
    synchronized CompletionStage<HttpResponse> sharedFile(
            String key, ContentType type, long estimate, Supplier<CompletionStage<byte[]>> encode) {
        Answer answer = Optional.ofNullable(shared.get(key)).orElseGet(() -> new Answer(reserve(estimate), encode));
        shared.put(key, answer);
        return send(type, answer);
    }

    private ByteBudget.Reservation reserve(long bytes) {
        Optional<ByteBudget.Reservation> found = bytes <= files.limit() ? files.reserve(bytes) : Optional.empty();
        return found.or(() -> bytes > files.limit() / LARGE_SHARE ? large.reserve(bytes) : Optional.empty())
                .orElseThrow(Answers::overloaded);
    }

    private static ProblemException overloaded() {
        return ProblemException.temporary(
                ProblemType.OVERLOADED,
                "too many clients are reading large answers at once: try again after the time in Retry-After");
    }

    private synchronized CompletionStage<HttpResponse> send(ContentType type, Answer answer) {
        answer.readers++;
        return answer.content
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        leave(answer);
                    }
                })
                .thenApply(bytes -> Responses.bytes(type, bytes, timeToRead(bytes.length), () -> leave(answer)));
    }

    private Duration timeToRead(int bytes) {
        return startTime.plusMillis(MILLIS * bytes / bytesPerSecond);
    }

    private synchronized void leave(Answer answer) {
        answer.readers--;
        if (answer.readers == 0) {
            shared.values().remove(answer);
            answer.reservation.release();
        }
    }
}
