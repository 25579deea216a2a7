package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Asks;
import dev.reverie.actors.store.FullStore;
import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("If the database refuses a row, because a page of the index is damaged, the intake")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RefusedRowTest {

    /** More classes than the journal writes at a time, so that it writes the rows of several in one transaction. */
    private static final List<String> CLASSES =
            IntStream.range(0, 40).mapToObj(index -> "class " + index).toList();

    private static final int LAST = CLASSES.size() - 1;

    /** So often that a circuit breaker would open that counted these failures. */
    private static final int REFUSALS = 5;

    @Test
    @DisplayName("defers the samples of this class only, however often it tries, although it writes several together")
    void defersOneClass(@TempDir Path folder) throws Exception {
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            intake.deliver(CLASSES.stream()
                    .flatMap(name -> samples(name, 1, 0).stream())
                    .toList());

            try (FullStore _ = FullStore.refusingWritesOf("class|" + LAST, intake.store())) {
                for (int round = 1; round <= REFUSALS; round++) {
                    List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
                    for (String name : CLASSES) {
                        answers.add(intake.deliverAsync(samples(name, 1, round)));
                    }
                    List<DeliveryOutcome> outcomes = join(Asks.all(answers));

                    assertThat(outcomes.subList(0, LAST)).containsOnly(new DeliveryOutcome.Accepted(1, 0));
                    assertThat(outcomes.getLast()).isInstanceOf(DeliveryOutcome.Deferred.class);
                }
            }
        }
    }
}
