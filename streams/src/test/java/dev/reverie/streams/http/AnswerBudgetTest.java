package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A budget of 800 bytes for answers")
class AnswerBudgetTest {

    private final AnswerBudget budget = new AnswerBudget(800, Duration.ofSeconds(1), 1000);

    @Test
    @DisplayName("has a share for JSON that arrays and pictures cannot use")
    void json() {
        for (int picture = 0; picture < 7; picture++) {
            budget.reserve(100);
        }
        assertThatThrownBy(() -> budget.reserve(1)).isInstanceOf(ProblemException.class);

        assertThat(budget.json(100, () -> CompletableFuture.completedStage(new byte[7])))
                .isCompleted();
        assertThat(budget.used()).isEqualTo(707);
    }

    @Test
    @DisplayName("admits one answer that is larger than the budget, however many small ones are being read")
    void large() {
        List<ByteBudget.Reservation> samples =
                IntStream.range(0, 7).mapToObj(_ -> budget.reserve(100)).toList();

        ByteBudget.Reservation memory = budget.reserve(10_000);

        assertThat(budget.used()).isEqualTo(10_700);
        assertThatThrownBy(() -> budget.reserve(10_000)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> budget.reserve(100)).isInstanceOf(ProblemException.class);
        samples.getFirst().release();
        budget.reserve(100);
        memory.release();
        budget.reserve(10_000);
    }

    @Test
    @DisplayName("reserves space for JSON before it is read, and returns it if the JSON is not sent")
    void readJson() {
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        CompletableFuture<HttpResponse> answer = budget.json(60, () -> content).toCompletableFuture();
        assertThat(budget.used()).isEqualTo(60);
        content.complete(new byte[40]);
        assertThat(answer.join().status().intValue()).isEqualTo(200);
        assertThat(budget.used()).isEqualTo(40);

        assertThat(budget.json(60, () -> CompletableFuture.failedStage(new IOException())))
                .isCompletedExceptionally();
        assertThat(budget.json(60, () -> {
                    throw new IllegalStateException();
                }))
                .isCompletedExceptionally();
        assertThat(budget.json(60, () -> CompletableFuture.completedStage(new byte[61])))
                .isCompletedExceptionally();
        assertThat(budget.used()).isEqualTo(40);
    }

    @Test
    @DisplayName("sends JSON of any size, whatever its estimate, while no other is being read")
    void loneJson() {
        assertThat(budget.json(10, () -> CompletableFuture.completedStage(new byte[10_000])))
                .isCompleted();
        assertThat(budget.used()).isEqualTo(10_000);
    }

    @Test
    @DisplayName("does not let a small answer take the place of the large one")
    void small() {
        budget.reserve(700);

        assertThatThrownBy(() -> budget.reserve(175)).isInstanceOf(ProblemException.class);
        budget.reserve(176);
    }

    @Test
    @DisplayName("refuses an answer that is larger than its estimate and does not fit, and returns its space")
    void underestimated() {
        SharedAnswers answers = new SharedAnswers(budget);
        ByteBudget.Reservation other = budget.reserve(700);

        assertThat(answers.get(
                        "picture",
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        0,
                        () -> CompletableFuture.completedStage(new byte[200])))
                .isCompletedExceptionally();
        assertThat(budget.used()).isEqualTo(700);

        other.release();
        assertThat(budget.used()).isZero();
    }
}
