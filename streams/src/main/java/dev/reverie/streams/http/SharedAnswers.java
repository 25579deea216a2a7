package dev.reverie.streams.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Counts whole answers against a byte budget from before they are encoded until the last client has read them or has
 * left. Clients that ask for the same answer at the same time share its bytes. Thread safe.
 */
final class SharedAnswers {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ByteBudget budget;
    private final Map<String, Answer> open = new HashMap<>();
    private final AtomicLong jsonAnswers = new AtomicLong();

    SharedAnswers(ByteBudget budget) {
        this.budget = budget;
    }

    private static final class Answer {

        private final ByteBudget.Reservation reservation;
        private final CompletableFuture<byte[]> content = new CompletableFuture<>();
        private int readers;

        Answer(ByteBudget.Reservation reservation) {
            this.reservation = reservation;
        }
    }

    /**
     * Answers with encoded bytes.
     *
     * @param key identifies the content: answers with equal keys are equal
     * @param estimate size of the answer in bytes, which the actual size should not exceed
     * @param encode encodes the answer; not called while the same answer is being encoded or sent
     * @return fails with a {@link ProblemException} if the budget is used up
     */
    CompletionStage<HttpResponse> get(
            String key, ContentType type, long estimate, Supplier<CompletionStage<byte[]>> encode) {
        Answer answer;
        boolean isNew;
        synchronized (this) {
            Optional<Answer> shared = Optional.ofNullable(open.get(key));
            isNew = shared.isEmpty();
            answer = shared.orElseGet(() -> new Answer(reserve(estimate)));
            answer.readers++;
            open.put(key, answer);
        }
        if (isNew) {
            encode(answer, encode);
        }
        return answer.content
                .copy()
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        leave(key, answer);
                    }
                })
                .thenApply(bytes -> Responses.bytes(type, bytes, () -> leave(key, answer)));
    }

    /** Answers with a record, list or map as JSON, which is not shared. */
    CompletionStage<HttpResponse> json(Object body) {
        byte[] bytes = ApiJson.text(body).getBytes(StandardCharsets.UTF_8);
        return get(
                        "json." + jsonAnswers.incrementAndGet(),
                        ContentTypes.APPLICATION_JSON,
                        bytes.length,
                        () -> CompletableFuture.completedStage(bytes))
                .thenApply(response -> response.addHeader(RawHeader.create("Cache-Control", "no-store")));
    }

    private ByteBudget.Reservation reserve(long estimate) {
        return budget.open(estimate)
                .filter(opened -> opened.grow(estimate))
                .orElseThrow(() -> ProblemException.temporary(
                        ProblemType.OVERLOADED,
                        "too many clients are reading large answers at once: try again after the time in Retry-After",
                        RETRY_AFTER));
    }

    private static void encode(Answer answer, Supplier<CompletionStage<byte[]>> encode) {
        CompletableFuture.completedStage(encode).thenCompose(Supplier::get).whenComplete((bytes, failure) -> {
            if (failure == null) {
                answer.reservation.resize(bytes.length);
                answer.content.complete(bytes);
            } else {
                answer.content.completeExceptionally(failure);
            }
        });
    }

    private synchronized void leave(String key, Answer answer) {
        answer.readers--;
        if (answer.readers == 0) {
            open.remove(key, answer);
            answer.reservation.release();
        }
    }
}
