package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.Configuration;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.loop.RunClock;
import dev.reverie.actors.schedule.Position;
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
class KeeperTest {

    private static final Position OUTER = new Position(1, 0);
    private static final Position INNER = new Position(1, 7);

    private final ManualClock source = new ManualClock();
    private final List<TelemetryEvent> events = new ArrayList<>();

    @Test
    @DisplayName("is saved before an outer iteration, unless it is saved already")
    void savesBeforeAnOuterIteration() {
        Keeper keeper = keeper(Optional.empty());

        assertThat(keeper.isDue(OUTER)).isTrue();
        keeper.saved(OUTER);
        assertThat(keeper.isDue(OUTER)).isFalse();
        assertThat(events).containsExactly(new TelemetryEvent.CheckpointSaved(1, 0, 0));
    }

    @Test
    @DisplayName("is saved between inner loops after half a minute")
    void savesAfterAWhile() {
        Keeper keeper = keeper(Optional.of(OUTER));

        assertThat(keeper.isDue(INNER)).isFalse();
        source.advance(Keeper.INTERVAL.minus(Duration.ofMillis(1)));
        assertThat(keeper.isDue(INNER)).isFalse();
        source.advance(Duration.ofMillis(1));
        assertThat(keeper.isDue(INNER)).isTrue();
    }

    @Test
    @DisplayName("is missing in the file when a class has joined since")
    void isOutdatedByANewClass() {
        Keeper keeper = keeper(Optional.of(OUTER));

        assertThat(keeper.isMissing(OUTER)).isFalse();
        keeper.outdate();
        assertThat(keeper.isMissing(OUTER)).isTrue();
    }

    @Test
    @DisplayName("must be saved once; later a failure is told and the run goes on")
    void toleratesLaterFailures() {
        // given
        CheckpointException full = new CheckpointException("the disk is full");
        Keeper keeper = keeper(Optional.empty());

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
        Keeper keeper = new Keeper(
                Optional.empty(), Optional.empty(), new RunClock(source, Optional.empty()), events::add, Runnable::run);

        assertThat(keeper.isDue(OUTER)).isFalse();
        assertThat(keeper.isMissing(OUTER)).isFalse();
    }

    private Keeper keeper(Optional<Position> saved) {
        RunPlan.Storage storage =
                new RunPlan.Storage(new CheckpointFile(Path.of("checkpoint")), new Configuration(Map.of()));
        return new Keeper(
                Optional.of(storage), saved, new RunClock(source, Optional.empty()), events::add, Runnable::run);
    }
}
