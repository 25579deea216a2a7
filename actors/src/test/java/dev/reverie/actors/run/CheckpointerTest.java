package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checkpoint of a run")
class CheckpointerTest {

    private static final LoopPosition OUTER = new LoopPosition(1, 0);
    private static final LoopPosition INNER = new LoopPosition(1, 7);

    private final ManualClock time = new ManualClock();
    private final List<TelemetryEvent> events = new ArrayList<>();

    @Test
    @DisplayName("is saved before an outer iteration, unless the file has it already")
    void savesBeforeAnOuterIteration() {
        Checkpointer checkpointer = checkpointer(Optional.empty());

        assertThat(checkpointer.isDue(OUTER)).isTrue();
        checkpointer.saved(OUTER);
        assertThat(checkpointer.isDue(OUTER)).isFalse();
        assertThat(events).containsExactly(new TelemetryEvent.CheckpointSaved(1, 0, 0));
    }

    @Test
    @DisplayName("is saved between inner loops after half a minute")
    void savesAfterHalfAMinute() {
        Checkpointer checkpointer = checkpointer(Optional.of(OUTER));

        assertThat(checkpointer.isDue(INNER)).isFalse();
        time.advance(Checkpointer.INTERVAL.minus(Duration.ofMillis(1)));
        assertThat(checkpointer.isDue(INNER)).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(checkpointer.isDue(INNER)).isTrue();
    }

    @Test
    @DisplayName("must be saved at the start; a later failure is a warning, and the run continues")
    void toleratesLaterFailures() {
        CheckpointException full = new CheckpointException("the disk is full");
        Checkpointer checkpointer = checkpointer(Optional.empty());

        boolean first = checkpointer.tolerates(full);
        checkpointer.saved(OUTER);
        boolean later = checkpointer.tolerates(full);

        assertThat(first).isFalse();
        assertThat(later).isTrue();
        assertThat(events).endsWith(new TelemetryEvent.Warning("the disk is full"));
        assertThat(checkpointer.tolerates(new IllegalStateException("a bug"))).isFalse();
    }

    @Test
    @DisplayName("is not saved without a file")
    void mayHaveNoStorage() {
        Checkpointer checkpointer = new Checkpointer(
                Optional.empty(),
                Optional.empty(),
                new TimeLimitClock(time, Optional.empty()),
                events::add,
                Runnable::run);

        assertThat(checkpointer.isDue(OUTER)).isFalse();
        assertThat(checkpointer.isMissing(OUTER)).isFalse();
    }

    private Checkpointer checkpointer(Optional<LoopPosition> saved) {
        RunPlan.Storage storage =
                new RunPlan.Storage(new CheckpointFile(Path.of("checkpoint")), new RunFingerprint(Map.of()));
        return new Checkpointer(
                Optional.of(storage), saved, new TimeLimitClock(time, Optional.empty()), events::add, Runnable::run);
    }
}
