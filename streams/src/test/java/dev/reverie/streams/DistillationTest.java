package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A distillation")
class DistillationTest {

    private final RunFixture fixture = new RunFixture();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("runs exactly the loops of the method, in order")
    void runsTheLoopsInOrder() {
        var request = DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        List<String> expected = new ArrayList<>();
        expected.add("select 2 of 5 by K_MEANS on network 0/2");
        expected.add("select 2 of 5 by K_MEANS on network 0/2");
        for (int outer = 0; outer < 2; outer++) {
            for (int inner = 0; inner < 3; inner++) {
                String network = "network " + outer + "/2";
                if (inner % 2 == 0) {
                    expected.add("select 3 of 5 by K_MEANS on " + network);
                    expected.add("select 3 of 5 by K_MEANS on " + network);
                }
                expected.add("match 0 on " + network + " with 3");
                expected.add("match 1 on " + network + " with 3");
                expected.add("train " + network + " on [4, 4]");
            }
        }
        assertThat(fixture.journal()).isEqualTo(expected);
    }

    @Test
    @DisplayName("trains every new network before its first loop if the schedule says so")
    void warmsUp() {
        DistillationSettings base = RunSettings.settings(Method.IDC);
        DistillationSettings settings =
                base.withSchedule(base.schedule().withInnerLoops(1).withWarmUpSamples(12));

        RunSettings.run(DistillationRequest.of(RunSettings.dataset(6, 9), settings), fixture, events);

        assertThat(fixture.journal())
                .containsSubsequence(
                        "train network 0/2 on [4, 4, 4]",
                        "match 0 on network 0/2 with 3",
                        "train network 0/2 on [4, 4]",
                        "train network 1/2 on [4, 4, 4]",
                        "match 0 on network 1/2 with 3",
                        "train network 1/2 on [4, 4]");
    }

    @Test
    @DisplayName("trains the first network only once if its features selected the initial images")
    void warmsUpOnce() {
        DistillationSettings base = RunSettings.settings(Method.DREAM_PLUS);
        DistillationSettings settings = base.withSchedule(base.schedule()
                .with()
                .outerIterations(1)
                .innerLoops(1)
                .networkSamples(0)
                .selectionSamples(12)
                .warmUpSamples(12)
                .build());

        RunSettings.run(DistillationRequest.of(RunSettings.dataset(6, 9), settings), fixture, events);

        assertThat(fixture.journal())
                .filteredOn(job -> job.startsWith("train"))
                .containsExactly("train network 0/2 on [4, 4, 4]");
    }

    @Test
    @DisplayName("runs one step per class and one training per loop, however many classes exist")
    void isLinearInItsClasses() {
        int classes = 150;
        int[] perClass = new int[classes];
        Arrays.fill(perClass, 5);

        RunSettings.run(
                DistillationRequest.of(RunSettings.dataset(perClass), RunSettings.settings(Method.IDC)),
                fixture,
                events);

        assertThat(fixture.journal()).hasSize(classes + 2 * 3 * (classes + 1));
    }

    @Test
    @DisplayName("publishes every event, the end last, before its result is available")
    void publishesEveryEvent() {
        var request = DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        assertThat(events.getFirst()).isInstanceOf(TelemetryEvent.RunStarted.class);
        assertThat(events.getLast()).isInstanceOfSatisfying(TelemetryEvent.RunEnded.class, ended -> {
            assertThat(ended.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(ended.outer()).isEqualTo(2);
            assertThat(ended.inner()).isZero();
        });
        Map.of(
                        TelemetryEvent.ClassInitialised.class, 2,
                        TelemetryEvent.ClassJoined.class, 2,
                        TelemetryEvent.RepresentativesChosen.class, 8,
                        TelemetryEvent.ClassMatched.class, 12,
                        TelemetryEvent.NetworkTrained.class, 6,
                        TelemetryEvent.InnerLoopCompleted.class, 6)
                .forEach((type, count) ->
                        assertThat(RunSettings.eventsOf(type, events)).hasSize(count));
        assertThat(fixture.closedEngines()).isEqualTo(fixture.opened()).isOne();
    }

    @Test
    @DisplayName("results in a labelled set with values in [0, 1], decoded by its factor")
    void givesADecodedSet() {
        DistillationSettings settings =
                RunSettings.settings(Method.DREAM).withIpc(1).withFactor(2);

        DistillationResult result =
                RunSettings.run(DistillationRequest.of(RunSettings.dataset(6, 9), settings), fixture, events);

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.set().parameterLabels()).containsExactly(0, 1);
        assertThat(result.set().labels()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
        assertThat(result.set().classes().names()).containsExactly("class 0", "class 1");
        for (float value : result.set().images().toArray()) {
            assertThat(value).isBetween(0f, 1f);
        }
    }

    @Test
    @DisplayName("moves its images towards the real ones")
    void learns() {
        var request = DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        List<Double> losses = events.stream()
                .filter(TelemetryEvent.InnerLoopCompleted.class::isInstance)
                .map(event -> ((TelemetryEvent.InnerLoopCompleted) event).matchingLoss())
                .toList();
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
    }

    @Test
    @DisplayName("draws a new random batch for every step of IDC, and clusters nothing")
    void matchesRandomBatches() {
        var request = DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.IDC));

        RunSettings.run(request, fixture, events);

        assertThat(fixture.journal())
                .startsWith(
                        "select 2 of 6 by IN_ORDER on network 0/2",
                        "select 2 of 9 by IN_ORDER on network 0/2",
                        "match 0 on network 0/2 with 3");
        assertThat(fixture.journal())
                .filteredOn(job -> job.startsWith("select"))
                .hasSize(2);
    }

    @Test
    @DisplayName("by a coreset method ends when a network was trained and the images were selected by its features")
    void coresetsAreChosenOnly() {
        var request = DistillationRequest.of(RunSettings.dataset(6, 9), RunSettings.settings(Method.HERDING));

        DistillationResult result = RunSettings.run(request, fixture, events);

        assertThat(fixture.journal())
                .containsExactly(
                        "train network 0/2 on [4, 4]",
                        "select 2 of 5 by HERDING on network 0/2",
                        "select 2 of 5 by HERDING on network 0/2");
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.set().parameters().count()).isEqualTo(4);
    }

    @Test
    @DisplayName("uses all images of a class with fewer images than representatives, and warns once")
    void warnsOfSmallClasses() {
        var request = DistillationRequest.of(RunSettings.dataset(2, 9), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        assertThat(fixture.journal()).contains("select 2 of 2 by K_MEANS on network 1/2");
        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .containsExactly(new TelemetryEvent.Warning(
                        "class 'class 0' has only 2 candidates for 3 representatives. The run uses all candidates;"
                                + " nothing needs to be done."));
    }

    @Test
    @DisplayName("warns once that several classes have too few images")
    void warnsOfManySmallClassesOnce() {
        var request = DistillationRequest.of(RunSettings.dataset(9, 2, 2, 2), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .containsExactly(
                        new TelemetryEvent.Warning("class 'class 1' has only 2 candidates for 3 representatives, "
                                + "and 2 other classes also have too few. The run uses all candidates; nothing"
                                + " needs to be done."));
    }

    @Test
    @DisplayName("repeats the images of a class with fewer images than mosaic cells, and warns")
    void repeatsImagesOfSmallClasses() {
        DistillationSettings settings =
                RunSettings.settings(Method.RANDOM).withIpc(1).withFactor(2);

        DistillationResult result =
                RunSettings.run(DistillationRequest.of(RunSettings.dataset(3, 9), settings), fixture, events);

        assertThat(fixture.journal())
                .containsExactly("select 3 of 3 by RANDOM on network 0/2", "select 4 of 9 by RANDOM on network 0/2");
        assertThat(result.set().images().count()).isEqualTo(8);
        assertThat(events)
                .contains(new TelemetryEvent.Warning(
                        "class 'class 0' has only 3 images for 4 mosaic cells. Some images are used more than once;"
                                + " use a smaller --ipc or --factor to avoid this."));
    }

    @Test
    @DisplayName("is refused if a class has fewer images than are to be learned")
    void refusesTooSmallClasses() {
        var small = DistillationRequest.of(RunSettings.dataset(1, 9), RunSettings.settings(Method.DREAM));

        assertThatThrownBy(() -> RunSettings.run(small, fixture, events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'class 0' has 1 image, fewer than the 2 to learn per class; choose a smaller --ipc");
    }
}
