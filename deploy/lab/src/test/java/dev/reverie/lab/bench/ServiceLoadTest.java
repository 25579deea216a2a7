package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.client.TestService;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzSamples;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The load on a service")
class ServiceLoadTest {

    private static final ImageShape SHAPE = new ImageShape(1, 4, 4);
    private static final NpzSamples.Limits LIMITS = new NpzSamples.Limits(100, 100, 100_000);
    private static final int CLASSES = 10;
    private static final int IMAGES_PER_CLASS = 6;

    @ParameterizedTest
    @ValueSource(ints = {1, 15})
    @DisplayName("has equally many images of all classes, also if no batch has")
    void allClasses(int batch) {
        ServiceLoad load = new ServiceLoad(SHAPE, batch, 1, () -> 0);
        int batches = CLASSES * IMAGES_PER_CLASS / batch;

        Map<String, Long> images = LongStream.rangeClosed(-batches, -1)
                .mapToObj(number -> labels(load, number))
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(images).hasSize(CLASSES);
        assertThat(images.values()).containsOnly((long) IMAGES_PER_CLASS);
    }

    @Test
    @DisplayName("has other images than an earlier one, which the service would count as duplicates")
    void repeated() {
        ServiceLoad first = new ServiceLoad(SHAPE, 1, 1, () -> 1_000);

        ServiceLoad second = new ServiceLoad(SHAPE, 1, 1, () -> 2_000);

        assertThat(second.samples(0).toNpz()).isNotEqualTo(first.samples(0).toNpz());
    }

    @Test
    @Timeout(60)
    @DisplayName("ends on all connections as soon as a request fails on one")
    void failed() {
        try (TestService service = TestService.start();
                ReverieClient client = service.client()) {
            ServiceLoad endless = new ServiceLoad(SHAPE, 1, 2, () -> 0);
            service.answerNext(
                    new DeliveryOutcome.Refused(DeliveryOutcome.Reason.QUOTA, "the class 'class-0' is sealed"));

            assertThatThrownBy(() -> endless.ingest(client, 1, false, _ -> {}))
                    .isInstanceOf(ReverieException.Refused.class)
                    .hasMessage("the service refused: the class 'class-0' is sealed");
        }
    }

    @Test
    @Timeout(60)
    @DisplayName("ends on all connections as soon as one has an unexpected error")
    void broken() {
        try (TestService service = TestService.start();
                ReverieClient client = service.client()) {
            ServiceLoad endless = new ServiceLoad(SHAPE, 1, 2, () -> 0);
            AtomicBoolean thrown = new AtomicBoolean();

            assertThatThrownBy(() -> endless.ingest(client, 1, false, _ -> {
                        if (thrown.compareAndSet(false, true)) {
                            throw new IllegalStateException("broken");
                        }
                    }))
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("broken");
        }
    }

    private static List<String> labels(ServiceLoad load, long number) {
        return NpzSamples.read(load.samples(number).toNpz(), "batch", LIMITS, ArrayHints.NONE)
                .labels();
    }
}
