package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.loop.RunClock;
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

@DisplayName("The state of a run")
class CheckpointerTest {

    private static final LoopPosition OUTER = new LoopPosition(1, 0);
    private static final LoopPosition INNER = new LoopPosition(1, 7);

    private final ManualClock source = new ManualClock();
    private final List<TelemetryEvent> events = new ArrayList<>();

    @Test
    @DisplayName("is saved before an outer iteration, unless it is saved already")
    void savesBeforeAnOuterIteration() {
        Checkpointer keeper = keeper(Optional.empty());

        assertThat(keeper.isDue(OUTER)).isTrue();
        keeper.saved(OUTER);
        assertThat(keeper.isDue(OUTER)).isFalse();
        assertThat(events).containsExactly(new TelemetryEvent.CheckpointSaved(1, 0, 0));
    }

    @Test
    @DisplayName("is saved between inner loops after half a minute")
    void savesAfterAWhile() {
        Checkpointer keeper = keeper(Optional.of(OUTER));

        assertThat(keeper.isDue(INNER)).isFalse();
        source.advance(Checkpointer.INTERVAL.minus(Duration.ofMillis(1)));
        assertThat(keeper.isDue(INNER)).isFalse();
        source.advance(Duration.ofMillis(1));
        assertThat(keeper.isDue(INNER)).isTrue();
    }

    @Test
    @DisplayName("is missing in the file when a class has joined since")
    void isOutdatedByANewClass() {
        Checkpointer keeper = keeper(Optional.of(OUTER));

        assertThat(keeper.isMissing(OUTER)).isFalse();
        keeper.outdate();
        assertThat(keeper.isMissing(OUTER)).isTrue();
    }

    @Test
    @DisplayName("must be saved once; later a failure is told and the run goes on")
    void toleratesLaterFailures() {
        // given
        CheckpointException full = new CheckpointException("the disk is full");
        Checkpointer keeper = keeper(Optional.empty());

        // when
        boolean first = keeper.mayGoOnWithout(full);
        keeper.saved(OUTER);
        boolean later = keeper.mayGoOnWithout(full);

        // then
        assertThat(first).isFalse();
        assertThat(later).isTrue();
        assertThat(events).endsWith(new TelemetryEvent.Warning("the disk is full"));
        assertThat(keeper.mayGoOnWithout(new IllegalStateException("a bug"))).isFalse();
    }

    @Test
    @DisplayName("is not saved where there is no file for it")
    void mayHaveNoStorage() {
        Checkpointer keeper = new Checkpointer(
                Optional.empty(), Optional.empty(), new RunClock(source, Optional.empty()), events::add, Runnable::run);

        assertThat(keeper.isDue(OUTER)).isFalse();
        assertThat(keeper.isMissing(OUTER)).isFalse();
    }

    private Checkpointer keeper(Optional<LoopPosition> saved) {
        RunPlan.Storage storage =
                new RunPlan.Storage(new CheckpointFile(Path.of("checkpoint")), new RunFingerprint(Map.of()));
        return new Checkpointer(
                Optional.of(storage), saved, new RunClock(source, Optional.empty()), events::add, Runnable::run);
    }
}
