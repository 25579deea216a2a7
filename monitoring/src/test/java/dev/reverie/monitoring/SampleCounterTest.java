package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sample counter")
class SampleCounterTest {

    private final SampleCounter samples = new SampleCounter();

    @Test
    @DisplayName("counts per class, and over all classes that share a series")
    void counts() {
        assertThat(samples.of(Map.of("a", List.of(of("a", 5)), ClassSeries.OTHER, List.of(of("b", 7), of("c", 8)))))
                .isEqualTo(Map.of("a", 5L, ClassSeries.OTHER, 15L));
    }

    @Test
    @DisplayName("never decreases or jumps when classes change series")
    void changingSeries() {
        samples.of(Map.of("a", List.of(of("a", 500)), ClassSeries.OTHER, List.of(of("b", 7), of("c", 8))));

        Map<String, Long> seen =
                samples.of(Map.of("b", List.of(of("b", 9)), ClassSeries.OTHER, List.of(of("a", 503), of("c", 10))));

        assertThat(seen).isEqualTo(Map.of("b", 9L, ClassSeries.OTHER, 15L + 3 + 2));
    }

    @Test
    @DisplayName("starts anew for a class that was forgotten and created again")
    void forgotten() {
        samples.of(Map.of(ClassSeries.OTHER, List.of(of("a", 500))));

        assertThat(samples.of(Map.of(ClassSeries.OTHER, List.of(of("a", 2)))))
                .isEqualTo(Map.of(ClassSeries.OTHER, 502L));
    }

    private static ClassMetrics of(String label, long seen) {
        return Snapshots.ofClass(label, ClassPhase.COLLECTING, seen, OptionalDouble.empty());
    }
}
