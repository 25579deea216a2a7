package dev.reverie.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.client.BatchRequest;
import dev.reverie.client.ClassPhase;
import dev.reverie.client.ClassStatus;
import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.HeldOutAccuracy;
import dev.reverie.client.ImageShape;
import dev.reverie.client.LocalMemory;
import dev.reverie.client.MemoryImages;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.Numpy;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The Java client of a service")
@Timeout(60)
class ReverieClientTest {

    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
    private static final Samples SAMPLES = Samples.of(
                    SHAPE, new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) 255}, List.of("Ankle boot", "猫"))
            .withIds(List.of("1", "2"));

    private final TestService service = TestService.start();
    private final ReverieClient client = service.client();

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    @Test
    @DisplayName("sends samples and reads the memory learned from them")
    void roundTrip() throws ReverieException {
        assertThat(client.memory()).isEmpty();

        assertThat(client.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(2, 0));
        assertThat(client.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(0, 2));

        MemoryImages memory = client.memory().orElseThrow();
        assertThat(memory.shape()).isEqualTo(SHAPE);
        assertThat(memory.pixels()).containsExactly(1, 2, 3, 4, 5, 6, 7, 255);
        assertThat(memory.values()[7]).isEqualTo(1);
        assertThat(memory.labels()).containsExactly(0, 1);
        assertThat(memory.names()).containsExactly(entry(0L, "Ankle boot"), entry(1L, "猫"));
        assertThat(memory.mean()).containsExactly(1f);
    }

    @Test
    @DisplayName("gets integers back as labels, and draws batches by class and seed")
    void batches() throws ReverieException {
        assertThatThrownBy(() -> client.sample(4))
                .isInstanceOf(ReverieException.Refused.class)
                .hasMessageStartingWith("the service refused: ");
        client.deliver(Samples.of(SHAPE, new byte[8], 7, -3));

        MemoryImages batch = client.sample(6);
        assertThat(batch.size()).isEqualTo(6);
        assertThat(batch.labels()).containsOnly(7, -3);
        assertThat(batch.classIndices()).containsOnly(0, 1);
        assertThat(batch.names()).containsOnly(entry(7L, "7"), entry(-3L, "-3"));
        assertThat(client.sample(BatchRequest.of(5).from("-3").withSeed(1)).labels())
                .containsOnly(-3)
                .hasSize(5);
    }

    @Test
    @DisplayName("sends pictures")
    void pictures() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", png);

        assertThat(client.deliver(png.toByteArray(), "Ankle boot", "a/1")).isEqualTo(new DeliveryReceipt(1, 0));
        assertThat(service.arrived().getFirst().label()).isEqualTo("Ankle boot");
        assertThat(service.arrived().getFirst().id()).contains("a/1");
    }

    @Test
    @DisplayName("copies the memory, draws from the copy without requests, and sees what has changed at a refresh")
    void local() throws ReverieException {
        client.deliver(SAMPLES);
        try (LocalMemory local = client.local(Duration.ofHours(1))) {
            client.deliver(Samples.of(SHAPE, new byte[4], List.of("dog")).withIds(List.of("3")));
            assertThat(local.size()).isEqualTo(2);

            local.refresh();
            assertThat(local.sample(9).names().values()).containsExactly("Ankle boot", "猫", "dog");

            service.stopListening();
            assertThatThrownBy(local::refresh).isInstanceOf(ReverieException.Unreachable.class);
            assertThat(local.sample(9).size()).isEqualTo(9);
            service.listenAgain();
        }
    }

    @Test
    @DisplayName("writes files that NumPy reads")
    void numpy(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("batch.npz"), SAMPLES.toNpz());

        Numpy.find().run("""
                with np.load(sys.argv[1], allow_pickle=False) as f:
                    assert f['images'].dtype == np.uint8 and f['images'].shape == (2, 1, 2, 2)
                    assert f['images'].ravel().tolist() == [*range(1, 8), 255]
                    assert f['labels'].tolist() == ['Ankle boot', '猫'] and f['ids'].tolist() == ['1', '2']
                """, file);
    }

    @Test
    @DisplayName("reads classes and totals, and seals and forgets classes")
    void classes() throws ReverieException {
        client.deliver(SAMPLES);

        assertThat(client.isReady()).isTrue();
        assertThat(client.status().samples()).isEqualTo(2);
        assertThat(client.status().uptime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(client.status().accuracy())
                .contains(new HeldOutAccuracy(
                        0.75, 200, 2, 3, Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(1_030)));
        assertThat(client.classes()).extracting(ClassStatus::label).containsExactly("Ankle boot", "猫");
        assertThat(client.seal("Ankle boot").orElseThrow().phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(client.waitUntil("猫", ClassPhase.CONVERGED, Duration.ofSeconds(30))
                        .index())
                .isEqualTo(1);
        assertThat(client.cancelSeal("猫")).isTrue();
        assertThat(client.sealWhenConverged("猫")).isPresent();
        assertThat(client.cancelSeal("dog")).isFalse();
        assertThat(client.seal("dog")).isEmpty();
        assertThat(client.classStatus("dog")).isEmpty();
        assertThat(client.forget("猫")).isTrue();
        assertThat(client.forget("猫")).isFalse();
    }

    @Test
    @DisplayName(
            "distinguishes a busy service, with its Retry-After, from one that refuses a delivery, with its reason")
    void failures() {
        service.answerNext(
                new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "too much", Duration.ofMillis(2500)));
        service.answerNext(new DeliveryOutcome.Deferred(
                DeliveryOutcome.Cause.STORAGE_FULL, "free some space", Duration.ofMillis(2500)));
        service.answerNext(new DeliveryOutcome.Refused(DeliveryOutcome.Reason.QUOTA, "the class 'cat' is sealed"));

        ReverieException.Busy busy = catchThrowableOfType(ReverieException.Busy.class, () -> client.deliver(SAMPLES));
        assertThat(busy).hasMessage("the service is busy: too much");
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(3));
        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ReverieException.Busy.class)
                .hasMessage("the store of the service is full: free some space");

        ReverieException.Refused refused =
                catchThrowableOfType(ReverieException.Refused.class, () -> client.deliver(SAMPLES));
        assertThat(refused).hasMessage("the service refused: the class 'cat' is sealed");
        assertThat(refused.status()).isEqualTo(409);
    }

    @Test
    @DisplayName("does not take a service with a damaged store for a busy one")
    void damagedStore() {
        service.answerNext(new DeliveryOutcome.Deferred(
                DeliveryOutcome.Cause.STORE_DAMAGED, "restore the store", Duration.ofSeconds(30)));

        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ReverieException.Refused.class)
                .hasMessage("the service failed: restore the store");
    }

    @Test
    @DisplayName("sends its token")
    void token() throws IOException {
        String digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"; // of foo
        try (TestService guarded = TestService.withTokens("ingest,read " + digest);
                ReverieClient known =
                        ReverieClient.builder(guarded.address()).token("foo").build();
                ReverieClient stranger = guarded.client()) {
            assertThat(known.deliver(SAMPLES).accepted()).isEqualTo(2);
            ReverieException.Refused refused =
                    catchThrowableOfType(ReverieException.Refused.class, () -> stranger.deliver(SAMPLES));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.type()).isEqualTo("/problems/unauthorized");
        }
    }

    @ParameterizedTest
    @DisplayName("requires the address of a service")
    @ValueSource(strings = {"localhost:8080", "ftp://localhost", "http:///x", ""})
    void addresses(String address) {
        assertThatThrownBy(() -> ReverieClient.builder(URI.create(address)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write for example http://localhost:8080");
    }
}
