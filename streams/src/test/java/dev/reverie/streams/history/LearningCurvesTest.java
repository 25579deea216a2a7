package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.history.LearningCurves.ClassLoss;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The learning curves")
class LearningCurvesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    @DisplayName("reach back to the first point, with a limited number of points, most of them recent")
    void thins() {
        LearningCurves curves = new LearningCurves(20, Integer.MAX_VALUE);

        IntStream.range(0, 5_000).forEach(i -> curves.add(point(i, Map.of()), 0));

        List<Long> kept =
                curves.points().stream().map(LearningCurves.Point::samples).toList();
        assertThat(kept).hasSize(20).startsWith(0L).endsWith(4_998L, 4_999L).isSorted();
        assertThat(kept).filteredOn(second -> second > 2_500).hasSizeGreaterThan(10);
    }

    @Test
    @DisplayName("have fewer points if there are many classes, but always the latest")
    void manyClasses() {
        LearningCurves curves = new LearningCurves(100, 5);

        IntStream.range(0, 50).forEach(i -> curves.add(point(i, Map.of("cat", 1.0, "dog", 2.0)), 0));
        assertThat(curves.points())
                .extracting(LearningCurves.Point::samples)
                .hasSize(2)
                .endsWith(49L);

        Map<String, Double> six = Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0, "e", 1.0, "f", 1.0);
        curves.add(point(50, six), 0);
        assertThat(curves.points()).extracting(LearningCurves.Point::samples).containsExactly(50L);
    }

    @Test
    @DisplayName("have the loss of each class, but none of a forgotten class, not even one that was being added")
    void forget() {
        LearningCurves curves = new LearningCurves(100, 100);
        curves.add(point(0, Map.of("cat", 3.0, "dog", 4.0)), 0);
        curves.add(point(1, Map.of("cat", 2.0)), 0);
        assertThat(curves.lossesOf("cat"))
                .containsExactly(new ClassLoss(START, 3.0), new ClassLoss(START.plusSeconds(1), 2.0));
        long before = curves.forgotten();

        curves.forget("cat");
        curves.add(point(2, Map.of("cat", 1.0)), before);
        curves.add(point(3, Map.of("dog", 1.0)), curves.forgotten());

        assertThat(curves.lossesOf("cat")).isEmpty();
        assertThat(curves.lossesOf("dog")).extracting(ClassLoss::matchingLoss).containsExactly(4.0, 1.0);
        assertThat(curves.points()).hasSize(3);
    }

    @Test
    @DisplayName("are recorded from the totals of the service and the mean loss of the loops since the last point")
    void recorded() {
        LearningCurves curves = new LearningCurves(100, 100);
        CurveRecorder recorder = new CurveRecorder(new InMemoryService(), () -> START, curves);

        recorder.onEvent(loop(Map.of("matching_loss", 2.0)));
        recorder.onEvent(loop(Map.of("matching_loss", 4.0)));
        recorder.onEvent(loop(Map.of("seconds", 1.0)));
        recorder.record().toCompletableFuture().join();
        recorder.record().toCompletableFuture().join();

        OptionalDouble accuracy = OptionalDouble.of(0.75);
        assertThat(curves.points())
                .containsExactly(
                        new LearningCurves.Point(START, 0, 7, OptionalDouble.of(3.0), accuracy, Map.of()),
                        new LearningCurves.Point(START, 0, 7, OptionalDouble.empty(), accuracy, Map.of()));
    }

    private static ServiceEvent loop(Map<String, Object> fields) {
        return new ServiceEvent(1, Kind.PROGRESS, START, fields);
    }

    private static LearningCurves.Point point(int second, Map<String, Double> losses) {
        return new LearningCurves.Point(
                START.plusSeconds(second), second, 0, OptionalDouble.empty(), OptionalDouble.empty(), losses);
    }
}
