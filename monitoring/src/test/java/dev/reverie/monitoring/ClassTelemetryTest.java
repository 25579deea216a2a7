package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassPhaseChanged;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.gpu.method.Method;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The telemetry of a class")
class ClassTelemetryTest {

    private static final int CAT = 3;

    private Instant now = Instant.ofEpochSecond(100);
    private final ClassTelemetry telemetry = new ClassTelemetry(() -> now);

    @Test
    @DisplayName("keeps the time when its representatives were chosen, whatever class steps follow")
    void chosen() {
        telemetry.on(Events.learning(Method.DREAM));
        telemetry.on(
                new RepresentativesChosen(CAT, 0, 0, 64, 3.5, OptionalDouble.empty(), OptionalDouble.of(0.75), 0.25));
        now = now.plusSeconds(60);
        telemetry.on(step());

        assertThat(telemetry.of(CAT).represented()).contains(Instant.ofEpochSecond(100));
        assertThat(telemetry.of(CAT).migration()).hasValue(0.75);
        assertThat(telemetry.of(CAT).change()).hasValue(0.25);
    }

    @Test
    @DisplayName("has the time of the last class step if each step draws real images at random")
    void drawnAtRandom() {
        telemetry.on(Events.learning(Method.DM));
        telemetry.on(step());
        now = now.plusSeconds(60);
        telemetry.on(step());

        assertThat(telemetry.of(CAT).represented()).contains(now);
    }

    @Test
    @DisplayName("is dropped when the class is forgotten")
    void forgotten() {
        telemetry.on(Events.learning(Method.DM));
        telemetry.on(step());

        telemetry.on(new ClassPhaseChanged(CAT, "cat", Optional.empty()));

        assertThat(telemetry.of(CAT)).isEqualTo(MemorySnapshot.LearningIndicators.NONE);
    }

    @Test
    @DisplayName("stays dropped when a late event of the forgotten class arrives")
    void lateEvent() {
        telemetry.on(Events.learning(Method.DM));
        telemetry.on(new ClassPhaseChanged(CAT, "cat", Optional.of(ClassPhase.DISTILLING)));
        telemetry.on(step());
        telemetry.on(new ClassPhaseChanged(CAT, "cat", Optional.empty()));

        telemetry.on(step());

        assertThat(telemetry.of(CAT)).isEqualTo(MemorySnapshot.LearningIndicators.NONE);
    }

    private static ClassMatched step() {
        return new ClassMatched(CAT, 0, 0, 1.5, List.of(1.5), 0.25, 0.125);
    }
}
