package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("While it runs, a distillation")
class DistillationControlTest {

    private final DistillationRequest request =
            DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));
    private final RunFixture fixture = new RunFixture();
    private final ManualClock clock = new ManualClock();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();

    @Test
    @DisplayName("adds a new class at the next inner loop")
    void addsAClass() {
        // given
        CompletableFuture<Integer> label = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> running.join()
                .addClass("late", RunSettings.images(5, 99))
                .thenAccept(label::complete));

        // when
        DistillationResult result = RunSettings.await(start(request).result());

        // then
        assertThat(RunSettings.await(label)).isEqualTo(2);
        assertThat(fixture.journal())
                .containsSubsequence(
                        "match 0 on network 0/2 with 3",
                        "match 1 on network 0/2 with 3",
                        "train network 0/2 on [4, 4]",
                        "select 2 of 5 by K_MEANS on network 0/3",
                        "select 3 of 5 by K_MEANS on network 0/3",
                        "match 0 on network 0/3 with 3",
                        "match 1 on network 0/3 with 3",
                        "match 2 on network 0/3 with 3",
                        "train network 0/3 on [4, 4]");
        assertThat(events).contains(new TelemetryEvent.ClassJoined(2, "late", 5, 2));
        assertThat(result.set().classes().names()).containsExactly("class 0", "class 1", "late");
        assertThat(result.set().parameterLabels()).containsExactly(0, 0, 1, 1, 2, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"match 0", "match 1", "train"})
    @DisplayName("gives the same bits at whatever time within a loop a class is added")
    void joinsBetweenLoopsAlone(String job) {
        // given
        RunFixture others = new RunFixture();
        CompletableFuture<Distillation> other = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> join(running));
        others.doingAt(job, 1, () -> join(other));

        // when
        DistillationResult expected = RunSettings.await(start(request).result());
        other.complete(Distillation.start(request, others, List.of(), clock));
        DistillationResult actual = RunSettings.await(other.join().result());

        // then
        assertThat(others.journal()).isEqualTo(fixture.journal());
        assertThat(actual.set().parameters().toArray())
                .containsExactly(expected.set().parameters().toArray());
    }

    private static void join(CompletableFuture<Distillation> run) {
        run.join().addClass("late", RunSettings.images(5, 99));
    }

    @Test
    @DisplayName("refuses a class that can't be initialised, and continues")
    void continuesWithoutAClass() {
        // given
        fixture.throwingAt("select 2 of 5", 3).throwingAt("select 2 of 5", 4);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> running.join()
                .addClass("late", RunSettings.images(5, 99))
                .whenComplete((label, failure) -> refusal.complete(Asks.causeOf(failure))));

        // when
        DistillationResult result = RunSettings.await(start(request).result());

        // then
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.set().classes().names()).containsExactly("class 0", "class 1");
        assertThat(RunSettings.await(refusal))
                .isInstanceOf(DistillationException.class)
                .hasMessage("class 'late' can't join: choosing the initial images of class 'late' failed "
                        + "(the device is on fire); try again, with a smaller network width if memory ran out");
    }

    @Test
    @DisplayName("refuses a class with too few images, with images of another shape, or with a name that is taken")
    void refusesUnfitClasses() {
        // given
        Distillation distillation = start(request);

        // when
        CompletionStage<Integer> small = distillation.addClass("small", RunSettings.images(1, 99));
        CompletionStage<Integer> large =
                distillation.addClass("large", Collections.nCopies(3, Image.of(new ImageShape(1, 5, 5), new byte[25])));
        CompletionStage<Integer> twin = distillation.addClass("class 1", RunSettings.images(5, 99));

        // then
        assertThat(RunSettings.failureOf(small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'small' has 1 image, fewer than the 2 to learn per class; choose a smaller --ipc");
        assertThat(RunSettings.failureOf(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'large' has images of another shape than 1x4x4; resize them");
        assertThat(RunSettings.failureOf(twin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'class 1' already exists; choose another name");
        RunSettings.await(distillation.result());
    }

    @Test
    @DisplayName("that has ended refuses new classes")
    void refusesLateClasses() {
        // given
        Distillation distillation = start(request);
        RunSettings.await(distillation.result());

        // when
        CompletionStage<Integer> late = distillation.addClass("late", RunSettings.images(5, 99));

        // then
        assertThat(RunSettings.failureOf(late))
                .isInstanceOf(DistillationException.class)
                .hasMessage("the run has ended, so class 'late' can't join it");
    }

    @Test
    @DisplayName("ends after the inner loop in which it is stopped")
    void stops() {
        // given
        fixture.doingAt("match", 3, () -> running.join().stop());

        // when
        DistillationResult result = RunSettings.await(start(request).result());

        // then
        assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(result.outer()).isZero();
        assertThat(result.inner()).isEqualTo(2);
        assertThat(fixture.journal()).filteredOn(job -> job.startsWith("match")).hasSize(4);
        assertThat(result.set().parameters().count()).isEqualTo(4);
    }

    @Test
    @DisplayName("reports that it was stopped even if nothing is learned")
    void stopsChoosing() {
        // given
        fixture.doingAt("select", 1, () -> running.join().stop());

        // when
        DistillationResult result = RunSettings.await(
                start(DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.HERDING)))
                        .result());

        // then
        assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(result.set().parameters().count()).isEqualTo(4);
    }

    @Test
    @DisplayName("ends after the inner loop in which its time limit passes")
    void keepsItsTimeLimit() {
        // given
        fixture.doingAt("train", 2, () -> clock.advance(Duration.ofMinutes(10)));
        var limited = new DistillationRequest(
                request.dataset(), request.settings(), Optional.empty(), false, Optional.of(Duration.ofMinutes(5)));

        // when
        DistillationResult result = RunSettings.await(start(limited).result());

        // then
        assertThat(result.ending()).isEqualTo(Ending.TIME_LIMIT);
        assertThat(result.inner()).isEqualTo(2);
        assertThat(events.getLast()).isEqualTo(new TelemetryEvent.RunEnded(Ending.TIME_LIMIT, 0, 2, 600));
    }

    @Test
    @DisplayName("saves at the start, at each outer iteration, every half minute and at the end")
    void savesRegularly(@TempDir Path folder) {
        // given
        fixture.doingAt("train", 2, () -> clock.advance(Duration.ofSeconds(31)));
        fixture.doingAt("train", 5, () -> running.join().stop());
        var saving = new DistillationRequest(
                request.dataset(),
                request.settings(),
                Optional.of(folder.resolve("checkpoint")),
                false,
                Optional.empty());

        // when
        RunSettings.await(start(saving).result());

        // then
        assertThat(events.stream()
                        .filter(TelemetryEvent.CheckpointSaved.class::isInstance)
                        .map(TelemetryEvent.CheckpointSaved.class::cast)
                        .map(saved -> saved.outer() + "." + saved.inner()))
                .containsExactly("0.0", "0.2", "1.0", "1.2");
    }

    @Test
    @DisplayName("measures the seconds inside the worker and those of the loop")
    void separatesWorkFromWaiting() {
        // given
        fixture.doingAt("match", 1, () -> clock.advance(Duration.ofSeconds(2)));
        fixture.doingAt("train", 1, () -> clock.advance(Duration.ofSeconds(1)));

        // when
        RunSettings.await(start(request).result());

        // then
        assertThat(events.stream()
                        .filter(TelemetryEvent.InnerLoopCompleted.class::isInstance)
                        .map(TelemetryEvent.InnerLoopCompleted.class::cast)
                        .findFirst())
                .hasValueSatisfying(loop -> {
                    assertThat(loop.seconds()).isEqualTo(3);
                    assertThat(loop.workerSeconds()).isEqualTo(3);
                });
    }

    @Test
    @DisplayName("can be closed: the engine is closed, the result fails")
    void closes() {
        // given
        CountDownLatch matching = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        fixture.doingAt("match", 1, () -> {
            matching.countDown();
            await(closing);
        });
        Distillation distillation = start(thatNeverEnds(request));
        await(matching);

        // when
        closing.countDown();
        distillation.close();

        // then
        assertThat(RunSettings.failureOf(distillation.result()))
                .isInstanceOf(DistillationException.class)
                .hasMessage("the run was closed before its end");
        assertThat(fixture.closedEngines()).isEqualTo(fixture.opened()).isOne();
    }

    @Test
    @DisplayName("is refused if a class has fewer images than are to be learned")
    void refusesTooSmallClasses() {
        // given
        var small = DistillationRequest.of(RunSettings.dataset(1, 9), RunSettings.settings(Method.DREAM));

        // then
        assertThatThrownBy(() -> start(small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'class 0' has 1 image, fewer than the 2 to learn per class; choose a smaller --ipc");
    }

    private Distillation start(DistillationRequest what) {
        Distillation distillation = Distillation.start(what, fixture, List.of(events::add), clock);
        running.complete(distillation);
        return distillation;
    }

    private static DistillationRequest thatNeverEnds(DistillationRequest request) {
        return DistillationRequest.of(
                request.dataset(),
                RunSettings.with(
                        request.settings(),
                        ScheduleSettingsBuilder.builder()
                                .outerIterations(Integer.MAX_VALUE)
                                .innerLoops(3)
                                .networkSamples(8)
                                .networkBatch(4)
                                .selectionSamples(6)
                                .build()));
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
