package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The condition of a class")
class ClassConditionTest {

    private static final ClassReport FAILED = new ClassReport.Failed(7, StoreFailure.UNAVAILABLE, "no answer");
    private static final ClassReport RECOVERED =
            new ClassReport.Recovered(7, 1, ClassPhase.COLLECTING, 3, 3, Optional.empty(), false);

    private final ClassCondition condition = new ClassCondition();

    @Test
    @DisplayName("shows no recovery before the class has recovered, even if it has failed")
    void notRecovered() {
        assertThat(condition.hasRecovered()).isFalse();
        condition.on(FAILED);
        assertThat(condition.hasRecovered()).isFalse();
    }

    @Test
    @DisplayName("shows a recovery and a later failure, since the class then still has what it has learned")
    void failedAfterRecovery() {
        condition.on(RECOVERED);
        condition.on(FAILED);

        ClassReport shown = condition.report().orElseThrow();
        assertThat(condition.hasRecovered()).isTrue();
        assertThat(shown).isEqualTo(FAILED);
    }
}
