package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The series of classes")
class ClassSeriesTest {

    private Instant now = Instant.EPOCH;
    private final ClassSeries series = new ClassSeries(2, () -> now);

    @Test
    @DisplayName("are one per class while the limit suffices")
    void enough() {
        assertThat(series.of(List.of(of("a", 1)))).containsOnlyKeys("a");
        assertThat(series.of(List.of(of("a", 1), of("b", 9)))).containsOnlyKeys("a", "b");
    }

    @Test
    @DisplayName("belong to the classes with the largest losses beyond the limit, and the others share one")
    void worst() {
        Map<String, List<ClassMetrics>> dealt = series.of(List.of(of("a", 1), of("b", 4), of("c", 2), of("d", 3)));

        assertThat(dealt).containsOnlyKeys("b", "d", " others");
        assertThat(dealt.get(" others")).extracting(ClassMetrics::label).containsExactly("a", "c");
    }

    @Test
    @DisplayName("belong to the earliest classes if losses are equal or missing")
    void alike() {
        assertThat(series.of(List.of(none("a"), none("b"), none("c")))).containsOnlyKeys("a", "b", " others");
    }

    @Test
    @DisplayName("exclude sealed classes, whatever their losses were")
    void sealed() {
        ClassMetrics sealed = Snapshots.ofClass("a", ClassPhase.SEALED, 0, OptionalDouble.of(99));

        assertThat(series.of(List.of(sealed, of("b", 1), of("c", 2)))).containsOnlyKeys("b", "c", " others");
    }

    @Test
    @DisplayName("stay with their classes for a term, however losses change")
    void term() {
        series.of(List.of(of("a", 1), of("b", 2), of("c", 3)));
        now = now.plus(ClassSeries.TERM).minusSeconds(1);

        assertThat(series.of(List.of(of("a", 9), of("b", 2), of("c", 3)))).containsOnlyKeys("b", "c", " others");
    }

    @Test
    @DisplayName("then pass to a class whose loss is more than 50% larger, not to one with a slightly larger loss")
    void exchange() {
        series.of(List.of(of("a", 1), of("b", 2), of("c", 3)));
        now = now.plus(ClassSeries.TERM);
        assertThat(series.of(List.of(of("a", 2.9), of("b", 2), of("c", 3)))).containsOnlyKeys("b", "c", " others");

        now = now.plus(ClassSeries.TERM);
        assertThat(series.of(List.of(of("a", 3.1), of("b", 2), of("c", 3)))).containsOnlyKeys("a", "c", " others");
    }

    @Test
    @DisplayName("of a forgotten class are reassigned at once")
    void forgotten() {
        series.of(List.of(of("a", 1), of("b", 2), of("c", 3), of("d", 1.5)));

        assertThat(series.of(List.of(of("a", 1), of("c", 3), of("d", 1.5)))).containsOnlyKeys("c", "d", " others");
    }

    @Test
    @DisplayName("rarely change classes while losses only fluctuate")
    void jitter() {
        ClassSeries many = new ClassSeries(100, () -> now);
        SplittableRandom random = new SplittableRandom(1);
        double[] level = random.doubles(1000, 1, 10).toArray();
        int begun = 0;
        Map<String, List<ClassMetrics>> before = many.of(jittered(level, random));
        for (int scrape = 0; scrape < 240; scrape++) { // an hour of scrapes every 15 s
            now = now.plusSeconds(15);
            Map<String, List<ClassMetrics>> after = many.of(jittered(level, random));
            List<String> fresh = new ArrayList<>(after.keySet());
            fresh.removeAll(before.keySet());
            begun += fresh.size();
            before = after;
        }

        assertThat(before).hasSize(101);
        assertThat(begun).isLessThan(5);
    }

    /** Changes a loss by up to 10%. */
    private static List<ClassMetrics> jittered(double[] level, SplittableRandom random) {
        return IntStream.range(0, level.length)
                .mapToObj(i -> of("class " + i, level[i] * random.nextDouble(0.9, 1.1)))
                .toList();
    }

    private static ClassMetrics of(String label, double loss) {
        return Snapshots.ofClass(label, ClassPhase.DISTILLING, 0, OptionalDouble.of(loss));
    }

    private static ClassMetrics none(String label) {
        return Snapshots.ofClass(label, ClassPhase.COLLECTING, 0, OptionalDouble.empty());
    }
}
