package dev.reverie.deploy.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzSamples;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The load on a service")
class ServiceLoadTest {

    private static final NpzSamples.Limits LIMITS = new NpzSamples.Limits(100, 100, 100_000);
    private static final int CLASSES = 10;
    private static final int IMAGES_PER_CLASS = 6;

    @ParameterizedTest
    @ValueSource(ints = {1, 15})
    @DisplayName("has equally many images of all classes, also if no batch has")
    void allClasses(int batch) {
        // given
        ServiceLoad load = new ServiceLoad(new ImageShape(1, 4, 4), batch, 1, () -> 0);
        int batches = CLASSES * IMAGES_PER_CLASS / batch;

        // when
        Map<String, Long> images = LongStream.rangeClosed(-batches, -1)
                .mapToObj(number -> labels(load, number))
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // then
        assertThat(images).hasSize(CLASSES);
        assertThat(images.values()).containsOnly((long) IMAGES_PER_CLASS);
    }

    private static List<String> labels(ServiceLoad load, long number) {
        return NpzSamples.read(load.samples(number).toNpz(), "batch", LIMITS).labels();
    }
}
