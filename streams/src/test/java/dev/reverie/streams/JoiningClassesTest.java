package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A distillation that classes join")
class JoiningClassesTest {

    private final DistillationRequest request =
            DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));
    private final RunFixture fixture = new RunFixture();
    private final ManualClock clock = new ManualClock();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();

    @Test
    @DisplayName("adds a new class at the next inner loop")
    void addsAClass() {
        CompletableFuture<Integer> label = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> running.join()
                .addClass("late", RunSettings.images(5, 99))
                .thenAccept(label::complete));

        DistillationResult result = RunSettings.await(start().result());

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
        RunFixture others = new RunFixture();
        CompletableFuture<Distillation> other = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> join(running));
        others.doingAt(job, 1, () -> join(other));

        DistillationResult expected = RunSettings.await(start().result());
        other.complete(Distillation.start(request, others, List.of(), clock));
        DistillationResult actual = RunSettings.await(other.join().result());

        assertThat(others.journal()).isEqualTo(fixture.journal());
        assertThat(actual.set().parameters().toArray())
                .containsExactly(expected.set().parameters().toArray());
    }

    private static void join(CompletableFuture<Distillation> run) {
        run.join().addClass("late", RunSettings.images(5, 99));
    }

    @Test
    @DisplayName("refuses a class that cannot be initialised, and continues")
    void continuesWithoutAClass() {
        fixture.throwingAt("select 2 of 5", 3).throwingAt("select 2 of 5", 4);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> add("late", RunSettings.images(5, 99), refusal));

        DistillationResult result = RunSettings.await(start().result());

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.set().classes().names()).containsExactly("class 0", "class 1");
        assertThat(RunSettings.await(refusal))
                .isInstanceOf(DistillationException.class)
                .hasMessage("class 'late' cannot join: choosing the initial images of class 'late' failed "
                        + "(the device is on fire); try again, with a smaller network width if memory ran out");
    }

    @Test
    @DisplayName("refuses a class with too few images, with images of another shape, or with a name that is taken")
    void refusesUnfitClasses() {
        CompletableFuture<Throwable> small = new CompletableFuture<>();
        CompletableFuture<Throwable> large = new CompletableFuture<>();
        CompletableFuture<Throwable> twin = new CompletableFuture<>();
        fixture.doingAt("match 0", 1, () -> {
            add("small", RunSettings.images(1, 99), small);
            add("large", Collections.nCopies(3, Image.of(new ImageShape(1, 5, 5), new byte[25])), large);
            add("class 1", RunSettings.images(5, 99), twin);
        });

        RunSettings.await(start().result());

        assertThat(RunSettings.await(small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'small' has 1 image, fewer than the 2 to learn per class; choose a smaller --ipc");
        assertThat(RunSettings.await(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'large' has images of another shape than 1x4x4; resize them");
        assertThat(RunSettings.await(twin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'class 1' already exists; choose another name");
    }

    /** Adds a class that is refused, and completes {@code refusal} with the reason. */
    private void add(String name, List<Image> images, CompletableFuture<Throwable> refusal) {
        running.join().addClass(name, images).whenComplete((label, failure) -> refusal.complete(Asks.causeOf(failure)));
    }

    @Test
    @DisplayName("refuses new classes when it has ended")
    void refusesLateClasses() {
        Distillation distillation = start();
        RunSettings.await(distillation.result());

        CompletionStage<Integer> late = distillation.addClass("late", RunSettings.images(5, 99));

        assertThat(RunSettings.failureOf(late))
                .isInstanceOf(DistillationException.class)
                .hasMessage("the run has ended, so class 'late' cannot join it");
    }

    private Distillation start() {
        Distillation distillation = Distillation.start(request, fixture, List.of(events::add), clock);
        running.complete(distillation);
        return distillation;
    }
}
