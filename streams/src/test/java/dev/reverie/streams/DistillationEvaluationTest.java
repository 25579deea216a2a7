package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.run.SetEvaluation;
import dev.reverie.actors.run.SetEvaluation.SetEvaluator;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.SetEvaluated;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A distillation whose set is evaluated on the way")
class DistillationEvaluationTest {

    private static final long PAUSE_NS = 10_000_000;

    private static final Duration INTERVAL = Duration.ofSeconds(20);

    private final RunFixture fixture = new RunFixture();
    private final ManualClock clock = new ManualClock();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();
    private final AtomicInteger evaluations = new AtomicInteger();

    /** Takes ten minutes, and finds the set better each time. */
    private final SetEvaluator evaluator = (set, stopped) -> {
        clock.advance(Duration.ofMinutes(10));
        return OptionalDouble.of(evaluations.incrementAndGet() / 10.0);
    };

    DistillationEvaluationTest() {
        for (int loop = 1; loop <= 6; loop++) {
            fixture.doingAt("train", loop, () -> clock.advance(Duration.ofSeconds(12)));
        }
    }

    @Test
    @DisplayName("evaluates it at the start, when the interval has passed, and at the end")
    void evaluatesRegularly() {
        run(request(Method.DREAM, Optional.empty(), evaluator));

        // two loops of 12 seconds pass between two evaluations of 600 seconds
        assertThat(evaluated())
                .containsExactly(
                        new SetEvaluated(0, 0, 0.1, 0, 600),
                        new SetEvaluated(0, 2, 0.2, 24, 600),
                        new SetEvaluated(1, 1, 0.3, 48, 600),
                        new SetEvaluated(2, 0, 0.4, 72, 600));
    }

    @Test
    @DisplayName("counts the evaluations in no duration and no time limit")
    void countsNoEvaluations() {
        DistillationResult result = run(request(Method.DREAM, Optional.of(Duration.ofSeconds(40)), evaluator));

        assertThat(result.ending()).isEqualTo(Ending.TIME_LIMIT);
        assertThat(loops()).allSatisfy(loop -> assertThat(loop.seconds()).isEqualTo(12));
        assertThat(loops()).extracting(InnerLoopCompleted::elapsed).containsExactly(12.0, 24.0, 36.0, 48.0);
        assertThat(evaluated().getLast()).isEqualTo(new SetEvaluated(1, 1, 0.3, 48, 600));
        assertThat(events.getLast()).isEqualTo(new TelemetryEvent.RunEnded(Ending.TIME_LIMIT, 1, 1, 48));
    }

    @Test
    @DisplayName("learns the same images as one without evaluations, and evaluates those that it hands out")
    void learnsTheSame() {
        List<float[]> seen = new CopyOnWriteArrayList<>();
        DistillationResult with = run(request(Method.DREAM, Optional.empty(), (set, stopped) -> {
            seen.add(set.parameters().toArray());
            return OptionalDouble.of(0);
        }));
        DistillationResult without = RunSettings.run(
                DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM)),
                new RunFixture(),
                new CopyOnWriteArrayList<>());

        float[] learned = without.set().parameters().toArray();
        assertThat(with.set().parameters().toArray()).containsExactly(learned);
        assertThat(seen.getLast()).containsExactly(learned);
        assertThat(seen.getFirst()).isNotEqualTo(learned);
    }

    @Test
    @DisplayName("evaluates a coreset once")
    void coresets() {
        run(request(Method.RANDOM, Optional.empty(), evaluator));

        assertThat(evaluated()).containsExactly(new SetEvaluated(0, 0, 0.1, 0, 600));
    }

    @Test
    @DisplayName("ends a running evaluation, and begins no other, when it is stopped")
    void stops() {
        DistillationResult result = run(request(Method.DREAM, Optional.empty(), (set, stopped) -> {
            running.join().stop();
            while (!stopped.getAsBoolean()) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            evaluations.incrementAndGet();
            return OptionalDouble.empty();
        }));

        assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(evaluations).hasValue(1);
        assertThat(evaluated()).isEmpty();
    }

    @Test
    @DisplayName("goes on with a warning if an evaluation fails")
    void fails() {
        DistillationResult result = run(request(Method.DREAM, Optional.empty(), (set, stopped) -> {
            throw new IllegalStateException("no memory is left");
        }));

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(RunSettings.eventsOf(TelemetryEvent.Warning.class, events))
                .isNotEmpty()
                .allSatisfy(warning -> assertThat(warning.message())
                        .isEqualTo("the set could not be evaluated, and the run continues without: no memory is left"));
    }

    @Test
    @DisplayName("continues with its evaluations when it is resumed, without that of the initial images")
    void resumes(@TempDir Path folder) {
        Path checkpoint = folder.resolve("checkpoint");
        fixture.doingAt("train", 1, () -> running.join().stop());
        run(saved(checkpoint, false));
        events.clear();

        DistillationResult result = run(saved(checkpoint, true));

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(evaluated())
                .extracting(SetEvaluated::outer, SetEvaluated::inner, SetEvaluated::elapsed)
                .containsExactly(tuple(1, 0, 24.0), tuple(1, 2, 48.0), tuple(2, 0, 60.0));
    }

    @Test
    @DisplayName("evaluates the set of a complete run that is resumed, whose last evaluation may have been stopped")
    void evaluatesAtTheEnd(@TempDir Path folder) {
        Path checkpoint = folder.resolve("checkpoint");
        run(saved(checkpoint, false));
        events.clear();

        DistillationResult result = run(saved(checkpoint, true));

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(evaluated())
                .extracting(SetEvaluated::outer, SetEvaluated::inner)
                .containsExactly(tuple(2, 0));
    }

    private DistillationRequest saved(Path checkpoint, boolean resume) {
        return request(Method.DREAM, Optional.empty(), evaluator)
                .withCheckpoint(Optional.of(checkpoint))
                .withResume(resume);
    }

    private static DistillationRequest request(Method method, Optional<Duration> timeLimit, SetEvaluator evaluator) {
        return DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(method))
                .withTimeLimit(timeLimit)
                .withEvaluation(Optional.of(new SetEvaluation(INTERVAL, evaluator)));
    }

    private DistillationResult run(DistillationRequest request) {
        Distillation distillation = Distillation.start(request, fixture, List.of(events::add), clock);
        running.complete(distillation);
        return RunSettings.await(distillation.result());
    }

    private List<SetEvaluated> evaluated() {
        return RunSettings.eventsOf(SetEvaluated.class, events);
    }

    private List<InnerLoopCompleted> loops() {
        return RunSettings.eventsOf(InnerLoopCompleted.class, events);
    }
}
