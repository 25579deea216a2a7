package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.StoreException;
import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.Samples;
import dev.reverie.deploy.replay.ImageSamples;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service that resizes images")
@Timeout(120)
class ResizedServiceTest {

    @Test
    @DisplayName("accepts images of any size, grey or in colour, also after a restart with the same size")
    void anyImages(@TempDir Path folder) throws Exception {
        try (RunningService service = start(folder, "16x8");
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();

            assertThat(client.deliver(samples(new ImageShape(3, 40, 20)))).isEqualTo(new DeliveryReceipt(2, 0));
            assertThat(client.deliver(samples(new ImageShape(1, 9, 60)))).isEqualTo(new DeliveryReceipt(2, 0));
        }
        try (RunningService service = start(folder, "16x8");
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();

            assertThat(client.deliver(samples(new ImageShape(3, 40, 20)))).isEqualTo(new DeliveryReceipt(0, 2));
            assertThat(client.deliver(samples(new ImageShape(1, 8, 16)))).isEqualTo(new DeliveryReceipt(2, 0));
        }
    }

    @Test
    @DisplayName("says what its images take, in colour even if the first one is grey, unless told otherwise")
    void footprint(@TempDir Path folder) throws Exception {
        for (Map.Entry<String, Integer> channels : Map.of("auto", 3, "grey", 1).entrySet()) {
            try (RunningService service = LocalService.start(
                            folder.resolve(channels.getKey()),
                            Map.of("reverie.ingest.resize", "16x8", "reverie.ingest.channels", channels.getKey()));
                    ReverieClient client =
                            ReverieClient.builder(service.address()).build()) {
                service.storeRead().toCompletableFuture().join();

                assertThat(imageBytes(service)).isEqualTo(channels.getValue() * 16 * 8);
                client.deliver(samples(new ImageShape(1, 30, 30)));
                assertThat(imageBytes(service)).isEqualTo(channels.getValue() * 16 * 8);
            }
        }
    }

    @Test
    @DisplayName("says what its images take with the first image if it does not resize images")
    void footprintOfTheFirstImage(@TempDir Path folder) throws Exception {
        try (RunningService service = start(folder, "");
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();
            CompletableFuture<Footprint> footprint = service.footprint().toCompletableFuture();
            assertThat(client.status().samples()).isZero();
            assertThat(footprint).isNotDone();

            client.deliver(samples(new ImageShape(1, 30, 30)));

            assertThat(footprint.join().imageBytes()).isEqualTo(30 * 30);
        }
    }

    private static int imageBytes(RunningService service) {
        return service.footprint().toCompletableFuture().join().imageBytes();
    }

    @Test
    @DisplayName("does not start with another size than that of its store, and says what to do")
    void otherSize(@TempDir Path folder) throws Exception {
        try (RunningService service = start(folder, "16x8");
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();
            client.deliver(samples(new ImageShape(1, 8, 16)));
        }

        assertThatThrownBy(() -> start(folder, "8x16"))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder.resolve("store") + " has images of 16x8 pixels, not 8x16: set"
                        + " reverie.ingest.resize to 16x8, or start a new store");
        start(folder, "").close();
    }

    @Test
    @DisplayName("does not start with a size that is too small for the factor of its store, and says what to do")
    void tooSmallForItsFactor(@TempDir Path folder) {
        LocalService.start(folder.resolve("store"), Map.of("reverie.learning.factor", "3"))
                .close();

        assertThatThrownBy(() -> start(folder, "5x2"))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + folder.resolve("store") + " has factor 3, for which 5x2 pixels are"
                        + " too small: set reverie.ingest.resize to at least 3x3, or start a new store");
        start(folder, "3x3").close();
    }

    private static Samples samples(ImageShape shape) {
        return ImageSamples.of(Collections.nCopies(2, Image.of(shape, new byte[shape.size()])), List.of("cat", "dog"))
                .withIds(Collections.nCopies(2, shape.toString()));
    }

    private static RunningService start(Path folder, String size) {
        return LocalService.start(folder.resolve("store"), Map.of("reverie.ingest.resize", size));
    }
}
