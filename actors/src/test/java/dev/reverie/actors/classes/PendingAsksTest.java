package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An ask of a class actor")
class PendingAsksTest {

    private final PendingAsks pendingAsks = new PendingAsks();
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @Test
    @DisplayName("gets the reply while the actor is alive")
    void passesAnswersOn() {
        CompletableFuture<String> awaited = pendingAsks.whileAlive(answer).toCompletableFuture();
        assertThat(awaited).isNotDone();
        answer.complete("here");
        assertThat(awaited).isCompletedWithValue("here");
    }

    @Test
    @DisplayName("fails when the actor stops without a reply")
    void tellsOfTheEnd() {
        CompletableFuture<String> awaited = pendingAsks.whileAlive(answer).toCompletableFuture();
        pendingAsks.end();
        assertThat(awaited).isCompletedExceptionally();
    }

    @Test
    @DisplayName("fails at once when the actor has stopped already")
    void tellsLatecomers() {
        pendingAsks.end();
        assertThat(pendingAsks.whileAlive(answer).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("keeps a reply that came before the actor stopped")
    void keepsAnswers() {
        CompletableFuture<String> awaited = pendingAsks.whileAlive(answer).toCompletableFuture();
        answer.complete("here");
        pendingAsks.end();
        assertThat(awaited).isCompletedWithValue("here");
    }
}
