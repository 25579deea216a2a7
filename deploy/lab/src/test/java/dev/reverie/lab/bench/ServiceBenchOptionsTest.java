package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.IngestLimits;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A request of a benchmark")
class ServiceBenchOptionsTest {

    @ParameterizedTest
    @CsvSource({"1, 28, 28, 256", "3, 128, 128, 170", "1, 2048, 2048, 1"})
    @DisplayName("has no more images than a service accepts by default")
    void fits(int channels, int height, int width, int expected) {
        ServiceBenchOptions options = new ServiceBenchOptions();
        options.seconds = 1;
        options.shape = new ImageShape(channels, height, width);

        int images = options.imagesPerRequest(256);

        assertThat(images).isEqualTo(expected);
        assertThat(npz(options.shape, images))
                .hasSizeLessThanOrEqualTo(IngestLimits.defaults().bodyBytes());
        assertThatCode(() -> options.check(images, "--shape")).doesNotThrowAnyException();
    }

    private static byte[] npz(ImageShape shape, int images) {
        return Samples.of(
                        new dev.reverie.client.ImageShape(shape.channels(), shape.height(), shape.width()),
                        new byte[images * shape.size()],
                        Collections.nCopies(images, "class-0"))
                .toNpz();
    }
}
