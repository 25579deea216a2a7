package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.NetworkTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A distillation whose device fails")
class DistillationFailureTest {

    private static final int VISITS = 12;

    private final DistillationRequest request =
            DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("restarts a worker that throws an exception, and retries the batch on a new engine")
    void survivesAnException() {
        RunFixture fixture = new RunFixture().throwingAt("match 1", 2);

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(fixture.opened()).isEqualTo(2);
        assertThat(fixture.closedEngines()).isEqualTo(2);
        assertThat(eventsOf(WorkerRestarted.class)).containsExactly(new WorkerRestarted("the device is on fire"));
        assertThat(eventsOf(ClassMatched.class)).hasSize(VISITS);
        assertThat(eventsOf(ClassSkipped.class)).isEmpty();
    }

    @Test
    @DisplayName("restarts a worker that computes NaN, and retries the batch")
    void survivesNotANumber() {
        RunFixture fixture = new RunFixture().spoilingAt("match 0", 1);

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(fixture.opened()).isEqualTo(2);
        assertThat(eventsOf(WorkerRestarted.class))
                .containsExactly(new WorkerRestarted("the matching loss or its gradient is not finite"));
        assertThat(eventsOf(ClassMatched.class)).hasSize(VISITS);
    }

    @Test
    @DisplayName("skips a class step that failed twice, publishes that, and continues")
    void skipsAfterTheSecondFailure() {
        RunFixture fixture = new RunFixture().spoilingAt("match 1", 2).throwingAt("match 1", 3);

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(fixture.opened()).isEqualTo(3);
        assertThat(eventsOf(ClassSkipped.class)).containsExactly(new ClassSkipped(1, 0, 1, "the device is on fire"));
        assertThat(eventsOf(ClassMatched.class)).hasSize(VISITS - 1);
        assertThat(eventsOf(InnerLoopCompleted.class)).hasSize(6);
    }

    @Test
    @DisplayName("continues with an untrained network if the training failed twice")
    void continuesUntrained() {
        RunFixture fixture = new RunFixture().throwingAt("train", 1).throwingAt("train", 2);

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(eventsOf(Warning.class)).singleElement().satisfies(warning -> assertThat(warning.message())
                .isEqualTo("training the network after inner loop 0 failed (the device is on fire); learning"
                        + " continues, so nothing needs to be done unless this recurs"));
        assertThat(eventsOf(NetworkTrained.class)).hasSize(5);
        assertThat(eventsOf(InnerLoopCompleted.class).getFirst().trainLoss()).isNaN();
    }

    @Test
    @DisplayName(
            "uses the first candidates if the choice of representatives failed, and tries again before the next loop")
    void continuesWithoutNewRepresentatives() {
        RunFixture fixture = new RunFixture().throwingAt("select 3 of", 1).throwingAt("select 3 of", 2);

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(eventsOf(Warning.class)).singleElement().satisfies(warning -> assertThat(warning.message())
                .isEqualTo("choosing new representatives of class 'class 0' failed (the device is on fire);"
                        + " until the next choice, the class keeps those that it has, or uses its first"
                        + " images if it has none, so nothing needs to be done unless this recurs"));
        assertThat(eventsOf(RepresentativesChosen.class).stream()
                        .filter(chosen -> chosen.classIndex() == 0 && chosen.outer() == 0)
                        .map(RepresentativesChosen::inner))
                .containsExactly(1);
        assertThat(eventsOf(ClassMatched.class)).hasSize(VISITS);
    }

    @Test
    @DisplayName("fails with a clear message if the initial images cannot be chosen")
    void failsWithoutInitialImages() {
        RunFixture fixture = new RunFixture().throwingAt("select 2 of 5", 2).throwingAt("select 2 of 5", 3);

        Throwable failure = RunSettings.failureOf(start(fixture).result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessage("choosing the initial images of class 'class 1' failed (the device is on fire); try again,"
                        + " with a smaller network width if memory ran out");
    }

    @Test
    @DisplayName("fails if no class step succeeds for a number of loops")
    void failsWithoutASingleStep() {
        RunFixture fixture = new RunFixture();
        IntStream.rangeClosed(1, 100).forEach(time -> fixture.throwingAt("match", time));
        DistillationSettings settings = request.settings();
        DistillationRequest longer = DistillationRequest.of(
                request.dataset(), settings.withSchedule(settings.schedule().withOuterIterations(20)));

        Throwable failure =
                RunSettings.failureOf(Distillation.start(longer, fixture, List.of(events::add), InstantSource.system())
                        .result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessageStartingWith("no class step has succeeded in 10 inner loops");
    }

    @Test
    @DisplayName("fails with the original exception if none can be created")
    void failsWithoutAnEngine() {
        RuntimeException reason = new IllegalStateException("no usable device: compute capability 9.0");
        Supplier<DistillationEngine> broken = () -> {
            throw reason;
        };

        Throwable failure = RunSettings.failureOf(start(broken).result());

        assertThat(failure).isSameAs(reason);
    }

    @Test
    @DisplayName("fails with one sentence if the native library of the engine cannot be loaded")
    void failsWithoutANativeLibrary() {
        Supplier<DistillationEngine> broken = () -> {
            throw new UnsatisfiedLinkError("no jnind4jcpu in java.library.path");
        };

        Throwable failure = RunSettings.failureOf(start(broken).result());

        assertThat(failure).isInstanceOf(DistillationException.class).hasMessage("no jnind4jcpu in java.library.path");
    }

    @Test
    @DisplayName("fails with the original exception if a second one cannot be created")
    void failsWithoutASecondEngine() {
        RunFixture fixture = new RunFixture().throwingAt("match", 3);
        AtomicInteger created = new AtomicInteger();
        Supplier<DistillationEngine> once = () -> {
            if (created.incrementAndGet() > 1) {
                throw new IllegalStateException("the device is gone");
            }
            return fixture.get();
        };

        Throwable failure = RunSettings.failureOf(start(once).result());

        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("the device is gone");
        assertThat(fixture.closedEngines()).isOne();
    }

    private <E extends TelemetryEvent> List<E> eventsOf(Class<E> type) {
        return RunSettings.eventsOf(type, events);
    }

    private Distillation start(Supplier<DistillationEngine> engines) {
        return Distillation.start(request, engines, List.of(events::add), InstantSource.system());
    }
}
