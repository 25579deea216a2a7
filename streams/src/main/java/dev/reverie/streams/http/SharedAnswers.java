package dev.reverie.streams.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Encodes an answer once for all clients that ask for it at the same time. Thread safe. */
final class SharedAnswers {

    private final AnswerBudget budget;
    private final Map<String, Answer> open = new HashMap<>();

    /**
     * Creates an instance.
     *
     * @param budget counts the bytes of an answer once, until its last client has read them
     */
    SharedAnswers(AnswerBudget budget) {
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
     * @param estimate size of the answer in bytes, at best an upper bound
     * @param encode encodes the answer; not called while the same answer is being encoded or sent
     * @return fails with a {@link ProblemException} if the answer does not fit into the budget after all
     * @throws ProblemException if the budget is used up
     */
    CompletionStage<HttpResponse> get(
            String key, ContentType type, long estimate, Supplier<CompletionStage<byte[]>> encode) {
        Answer answer;
        boolean isNew;
        synchronized (this) {
            Optional<Answer> shared = Optional.ofNullable(open.get(key));
            isNew = shared.isEmpty();
            answer = shared.orElseGet(() -> new Answer(budget.reserve(estimate)));
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
                .thenApply(bytes -> budget.send(type, bytes, () -> leave(key, answer)));
    }

    private static void encode(Answer answer, Supplier<CompletionStage<byte[]>> encode) {
        CompletableFuture.completedStage(encode).thenCompose(Supplier::get).whenComplete((bytes, failure) -> {
            if (failure != null) {
                answer.content.completeExceptionally(failure);
            } else if (answer.reservation.resize(bytes.length)) {
                answer.content.complete(bytes);
            } else {
                answer.content.completeExceptionally(AnswerBudget.overloaded());
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
