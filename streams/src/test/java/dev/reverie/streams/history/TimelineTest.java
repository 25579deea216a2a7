package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.history.Moment.ClassPicture;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The moments and the learning curves of a service")
class TimelineTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    @DisplayName("reach back to the beginning, with more entries for recent times")
    void thins() {
        Timeline<Moment> moments = moments(20, Long.MAX_VALUE);

        IntStream.range(0, 10_000).forEach(i -> moments.add(moment(i, List.of()), 0));

        List<Long> kept = moments.all().stream().map(Moment::number).toList();
        assertThat(kept).hasSize(20).startsWith(0L).endsWith(9_998L, 9_999L).isSorted();
        List<Long> gaps = IntStream.range(1, kept.size())
                .mapToObj(i -> kept.get(i) - kept.get(i - 1))
                .toList();
        assertThat(gaps.subList(0, 5)).allMatch(gap -> gap > 10 * gaps.getLast());
        assertThat(gaps).allMatch(gap -> gap < 5_000);
    }

    @Test
    @DisplayName("stay within their limits in bytes and in losses, but always keep the latest entry")
    void limits() {
        Timeline<Moment> moments = moments(100, 2_500);
        Timeline<LearningPoint> curves = new Timeline<>(100, 5, LearningPoint::losses);

        IntStream.range(0, 50).forEach(i -> {
            moments.add(moment(i, List.of(picture("cat", "p" + i, 1_000))), 0);
            curves.add(point(i, Map.of("cat", 1.0, "dog", 2.0)), 0);
        });
        assertThat(moments.all()).extracting(Moment::number).hasSize(2).endsWith(49L);
        assertThat(curves.all()).extracting(LearningPoint::samples).hasSize(2).endsWith(49L);

        moments.add(moment(50, List.of(picture("cat", "large", 9_000))), 0);
        curves.add(point(50, Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0, "e", 1.0, "f", 1.0)), 0);
        assertThat(moments.all()).extracting(Moment::number).containsExactly(50L);
        assertThat(curves.all()).extracting(LearningPoint::samples).containsExactly(50L);
    }

    @Test
    @DisplayName("count an unchanged picture once")
    void shared() {
        Timeline<Moment> moments = moments(100, 2_500);
        ClassPicture same = picture("cat", "same", 1_000);

        IntStream.range(0, 50).forEach(i -> moments.add(moment(i, List.of(same)), 0));

        assertThat(moments.all()).hasSize(50);
    }

    @Test
    @DisplayName("contain nothing of a forgotten class, not even what was being added")
    void forget() {
        Timeline<Moment> moments = moments(100, Long.MAX_VALUE);
        Timeline<LearningPoint> curves = new Timeline<>(100, 100, LearningPoint::losses);
        HistoryDocuments documents = new HistoryDocuments(moments, curves);
        ClassPicture cat = picture("cat", "c", 10);
        ClassPicture dog = picture("dog", "d", 11);
        moments.add(moment(0, List.of(cat, dog)), 0);
        curves.add(point(0, Map.of("cat", 3.0, "dog", 4.0)), 0);
        assertThat(losses(documents, "cat")).isEqualTo("[{\"at\":\"2026-01-01T00:00:00Z\",\"matching_loss\":3.0}]");
        long before = moments.forgotten();

        moments.forget("cat");
        curves.forget("cat");
        assertThat(moments.add(moment(1, List.of(cat, dog)), before)).isFalse();
        assertThat(curves.add(point(1, Map.of("cat", 1.0)), before)).isFalse();
        moments.add(moment(2, List.of(dog)), moments.forgotten());
        curves.add(point(2, Map.of("dog", 1.0)), curves.forgotten());

        assertThat(moments.all()).extracting(Moment::number).containsExactly(0L, 2L);
        assertThat(moments.labels()).containsExactly("dog");
        assertThat(curves.labels()).containsExactly("dog");
        assertThat(pictureNamed(documents, "c")).isEmpty();
        assertThat(pictureNamed(documents, "d"))
                .hasValueSatisfying(png -> assertThat(png).hasSize(11));
        assertThat(losses(documents, "cat")).isEqualTo("[]");
        assertThat(losses(documents, "dog")).contains("4.0", "1.0");
    }

    @Test
    @DisplayName("show the pictures of all moments, and of no moment that was dropped")
    void pictures() {
        Timeline<Moment> moments = moments(100, 2_500);
        HistoryDocuments documents = new HistoryDocuments(moments, new Timeline<>(100, 100, LearningPoint::losses));

        for (int i = 0; i < 50; i++) {
            moments.add(moment(i, List.of(picture("cat", "p" + i, 1_000))), 0);
            assertThat(pictureNamed(documents, "p" + i)).isPresent();
        }

        assertThat(moments.all()).allSatisfy(moment -> assertThat(
                        pictureNamed(documents, moment.classes().getFirst().name()))
                .isPresent());
        assertThat(pictureNamed(documents, "p25")).isEmpty();
    }

    @Test
    @DisplayName("record the totals of the service and the mean loss of the loops since the last point")
    void recorded() {
        Timeline<LearningPoint> curves = new Timeline<>(100, 100, LearningPoint::losses);
        CurveRecorder recorder = new CurveRecorder(new InMemoryService(), () -> START, curves);

        recorder.onEvent(loop(Map.of("matching_loss", 2.0)));
        recorder.onEvent(loop(Map.of("matching_loss", 4.0)));
        recorder.onEvent(loop(Map.of("seconds", 1.0)));
        recorder.record().toCompletableFuture().join();
        recorder.record().toCompletableFuture().join();

        OptionalDouble accuracy = OptionalDouble.of(0.75);
        assertThat(curves.all())
                .containsExactly(
                        new LearningPoint(START, 0, 7, OptionalDouble.of(3.0), accuracy, Map.of()),
                        new LearningPoint(START, 0, 7, OptionalDouble.empty(), accuracy, Map.of()));
    }

    private static ServiceEvent loop(Map<String, Object> fields) {
        return new ServiceEvent(1, Kind.PROGRESS, START, fields);
    }

    private static Timeline<Moment> moments(int most, long bytes) {
        return new Timeline<>(most, bytes, Moment::bytes);
    }

    private static Moment moment(int second, List<ClassPicture> classes) {
        return new Moment(second, START.plusSeconds(second), 0, classes);
    }

    private static ClassPicture picture(String label, String name, int bytes) {
        return new ClassPicture(label, name, new byte[bytes]);
    }

    private static LearningPoint point(int second, Map<String, Double> losses) {
        return new LearningPoint(
                START.plusSeconds(second), second, 0, OptionalDouble.empty(), OptionalDouble.empty(), losses);
    }

    private static Optional<byte[]> pictureNamed(HistoryDocuments documents, String name) {
        return documents.get(new History.Query.Picture(name));
    }

    private static String losses(HistoryDocuments documents, String label) {
        return new String(documents.get(new History.Query.ClassCurve(label)).orElseThrow(), StandardCharsets.UTF_8);
    }
}
