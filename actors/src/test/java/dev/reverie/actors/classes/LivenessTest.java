package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whoever waits for the owner of a class")
class LivenessTest {

    private final Liveness presence = new Liveness();
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @Test
    @DisplayName("gets its answer while it is there")
    void passesAnswersOn() {
        CompletableFuture<String> awaited = presence.whilePresent(answer).toCompletableFuture();
        assertThat(awaited).isNotDone();
        answer.complete("here");
        assertThat(awaited).isCompletedWithValue("here");
    }

    @Test
    @DisplayName("hears of it when it goes without an answer")
    void tellsOfTheEnd() {
        CompletableFuture<String> awaited = presence.whilePresent(answer).toCompletableFuture();
        presence.end();
        assertThat(awaited).isCompletedExceptionally();
    }

    @Test
    @DisplayName("hears of it at once when it has gone already")
    void tellsLatecomers() {
        presence.end();
        assertThat(presence.whilePresent(answer).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("keeps an answer that came before the end")
    void keepsAnswers() {
        CompletableFuture<String> awaited = presence.whilePresent(answer).toCompletableFuture();
        answer.complete("here");
        presence.end();
        assertThat(awaited).isCompletedWithValue("here");
    }
}
