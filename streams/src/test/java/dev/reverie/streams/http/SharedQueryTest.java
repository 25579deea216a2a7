package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A shared query")
class SharedQueryTest {

    private final List<CompletableFuture<String>> begun = new ArrayList<>();
    private final SharedQuery<String> query = new SharedQuery<>(this::begin);

    private CompletionStage<String> begin() {
        CompletableFuture<String> result = new CompletableFuture<>();
        begun.add(result);
        return result;
    }

    @Test
    @DisplayName("runs once for all callers that come while it runs, and begins after their calls")
    void shared() {
        CompletableFuture<String> first = query.get().toCompletableFuture();
        CompletableFuture<String> second = query.get().toCompletableFuture();
        CompletableFuture<String> third = query.get().toCompletableFuture();
        assertThat(begun).hasSize(1);

        begun.getFirst().complete("before the change");

        assertThat(first).isCompletedWithValue("before the change");
        assertThat(begun).hasSize(2);
        assertThat(second).isNotDone();
        begun.getLast().complete("after the change");
        assertThat(second).isCompletedWithValue("after the change");
        assertThat(third).isCompletedWithValue("after the change");
        assertThat(begun).hasSize(2);
    }

    @Test
    @DisplayName("runs again after it has failed")
    void failed() {
        CompletableFuture<String> first = query.get().toCompletableFuture();
        CompletableFuture<String> second = query.get().toCompletableFuture();

        begun.getFirst().completeExceptionally(new IllegalStateException("no answer"));
        begun.getLast().complete("an answer");

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue("an answer");
    }
}
