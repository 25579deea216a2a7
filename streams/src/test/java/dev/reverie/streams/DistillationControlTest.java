package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("While it runs, a distillation")
class DistillationControlTest {

    private final DistillationRequest request =
            DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));
    private final RunFixture fixture = new RunFixture();
    private final ManualClock clock = new ManualClock();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();

    @Test
    @DisplayName("ends after the inner loop in which it is stopped")
    void stops() {
        fixture.doingAt("match", 3, () -> running.join().stop());

        DistillationResult result = RunSettings.await(start(request).result());

        assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(result.next().outer()).isZero();
        assertThat(result.next().inner()).isEqualTo(2);
        assertThat(fixture.journal()).filteredOn(job -> job.startsWith("match")).hasSize(4);
        assertThat(result.set().parameters().count()).isEqualTo(4);
    }

    @Test
    @DisplayName("reports that it was stopped even if nothing is learned")
    void stopsChoosing() {
        fixture.doingAt("select", 1, () -> running.join().stop());

        DistillationResult result = RunSettings.await(
                start(DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.HERDING)))
                        .result());

        assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(result.set().parameters().count()).isEqualTo(4);
    }

    @Test
    @DisplayName("ends after the inner loop in which its time limit passes")
    void keepsItsTimeLimit() {
        fixture.doingAt("train", 2, () -> clock.advance(Duration.ofMinutes(10)));
        DistillationRequest limited = request.withTimeLimit(Optional.of(Duration.ofMinutes(5)));

        DistillationResult result = RunSettings.await(start(limited).result());

        assertThat(result.ending()).isEqualTo(Ending.TIME_LIMIT);
        assertThat(result.next().inner()).isEqualTo(2);
        assertThat(events.getLast()).isEqualTo(new TelemetryEvent.RunEnded(Ending.TIME_LIMIT, 0, 2, 600));
    }

    @Test
    @DisplayName("saves at the start, at each outer iteration, every half minute and at the end")
    void savesRegularly(@TempDir Path folder) {
        fixture.doingAt("train", 2, () -> clock.advance(Duration.ofSeconds(31)));
        fixture.doingAt("train", 5, () -> running.join().stop());
        DistillationRequest saving = request.withCheckpoint(Optional.of(folder.resolve("checkpoint")));

        RunSettings.await(start(saving).result());

        assertThat(RunSettings.eventsOf(TelemetryEvent.CheckpointSaved.class, events))
                .extracting(saved -> saved.outer() + "." + saved.inner())
                .containsExactly("0.0", "0.2", "1.0", "1.2");
    }

    @Test
    @DisplayName("measures the seconds inside the worker and those of the loop")
    void separatesWorkFromWaiting() {
        fixture.doingAt("match", 1, () -> clock.advance(Duration.ofSeconds(2)));
        fixture.doingAt("train", 1, () -> clock.advance(Duration.ofSeconds(1)));

        RunSettings.await(start(request).result());

        TelemetryEvent.InnerLoopCompleted loop = RunSettings.eventsOf(TelemetryEvent.InnerLoopCompleted.class, events)
                .getFirst();
        assertThat(loop.seconds()).isEqualTo(3);
        assertThat(loop.workerSeconds()).isEqualTo(3);
    }

    @Test
    @DisplayName("can be closed: the engine is closed, the result fails")
    void closes() {
        CountDownLatch matching = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        fixture.doingAt("match", 1, () -> {
            matching.countDown();
            await(closing);
        });
        Distillation distillation = start(thatNeverEnds(request));
        await(matching);

        closing.countDown();
        distillation.close();

        assertThat(RunSettings.failureOf(distillation.result()))
                .isInstanceOf(DistillationException.class)
                .hasMessage("the run was closed before its end");
        assertThat(fixture.closedEngines()).isEqualTo(fixture.opened()).isOne();
    }

    private Distillation start(DistillationRequest what) {
        Distillation distillation = Distillation.start(what, fixture, List.of(events::add), clock);
        running.complete(distillation);
        return distillation;
    }

    private static DistillationRequest thatNeverEnds(DistillationRequest request) {
        DistillationSettings settings = request.settings();
        return DistillationRequest.of(
                request.dataset(), settings.withSchedule(settings.schedule().withOuterIterations(Integer.MAX_VALUE)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
