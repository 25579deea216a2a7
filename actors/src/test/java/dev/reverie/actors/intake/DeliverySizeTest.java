package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The size of a delivery")
class DeliverySizeTest {

    @Test
    @DisplayName("counts the names and the objects of its samples, which are larger than small images")
    void countsMoreThanPixels() {
        Sample plain = new Sample("cat", Optional.empty(), Samples.images(1, 1).getFirst());
        Sample named = new Sample("c".repeat(103), Optional.of("i".repeat(200)), plain.image());

        assertThat(size(plain)).isGreaterThan(10L * Samples.SHAPE.size());
        assertThat(size(plain, named)).isEqualTo(2 * size(plain) + 300);
    }

    private static long size(Sample... samples) {
        return new Delivery(IngestSource.HTTP, List.of(samples)).bytes();
    }
}
