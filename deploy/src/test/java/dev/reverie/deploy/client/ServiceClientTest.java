package dev.reverie.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.streams.service.ClassStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A client of a service")
@Timeout(60)
class ServiceClientTest {

    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
    private static final NpzSamples SAMPLES = new NpzSamples(
            List.of(Image.of(SHAPE, new byte[] {1, 2, 3, 4}), Image.of(SHAPE, new byte[] {5, 6, 7, (byte) 255})),
            List.of("Ankle boot", "猫"),
            Optional.of(List.of("1", "2")));

    private final TestService service = TestService.start();
    private final ServiceClient client = service.client();

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    @Test
    @DisplayName("sends samples and reads the memory learned from them")
    void roundTrip() throws ServiceException {
        assertThat(client.memory()).isEmpty();

        assertThat(client.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(2, 0));
        assertThat(client.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(0, 2));

        DistilledSet memory = client.memory().orElseThrow();
        assertThat(memory.classes().names()).containsExactly("Ankle boot", "猫");
        assertThat(memory.images().values(1)[3]).isEqualTo(1);
    }

    @Test
    @DisplayName("reads classes and totals, and seals and forgets classes")
    void classes() throws ServiceException {
        client.deliver(SAMPLES);

        assertThat(client.isReady()).isTrue();
        assertThat(client.status().samples()).isEqualTo(2);
        assertThat(client.status().uptime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(client.status().accuracy()).contains(RememberingService.ACCURACY);
        assertThat(client.classes()).extracting(ClassStatus::label).containsExactly("Ankle boot", "猫");
        assertThat(client.seal("Ankle boot").orElseThrow().phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(client.seal("dog")).isEmpty();
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
                DeliveryOutcome.Cause.STORE_FULL, "free some space", Duration.ofMillis(2500)));
        service.answerNext(
                new DeliveryOutcome.Refused(DeliveryOutcome.Reason.CLASS_SEALED, "the class 'cat' is sealed"));

        ServiceException.Busy busy = catchThrowableOfType(ServiceException.Busy.class, () -> client.deliver(SAMPLES));
        assertThat(busy).hasMessage("the service is busy: too much");
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(3));
        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ServiceException.Busy.class)
                .hasMessage("the store of the service is full: free some space");

        ServiceException.Refused refused =
                catchThrowableOfType(ServiceException.Refused.class, () -> client.deliver(SAMPLES));
        assertThat(refused).hasMessage("the service refused: the class 'cat' is sealed");
        assertThat(refused.status()).isEqualTo(409);
    }

    @Test
    @DisplayName("does not take a service with a damaged store for a busy one")
    void damagedStore() {
        service.answerNext(new DeliveryOutcome.Deferred(
                DeliveryOutcome.Cause.STORE_DAMAGED, "restore the store", Duration.ofSeconds(30)));

        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ServiceException.Refused.class)
                .hasMessage("the service failed: restore the store");
    }

    @Test
    @DisplayName("says what to do if no service answers")
    void away() {
        service.stopListening();

        assertThatThrownBy(client::classes)
                .isInstanceOf(ServiceException.Unreachable.class)
                .hasMessage("no service answers at " + service.address()
                        + ": start one with 'reverie serve', or correct the address");
        service.listenAgain();
    }

    @Test
    @DisplayName("sends its token")
    void token() throws IOException {
        String digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"; // of foo
        try (TestService guarded = TestService.withTokens("ingest,read " + digest);
                ServiceClient known = new ServiceClient(guarded.address(), Optional.of("foo"));
                ServiceClient stranger = guarded.client()) {
            assertThat(known.deliver(SAMPLES).accepted()).isEqualTo(2);
            assertThatThrownBy(() -> stranger.deliver(SAMPLES)).isInstanceOf(ServiceException.Refused.class);
        }
    }

    @ParameterizedTest
    @DisplayName("requires the address of a service")
    @ValueSource(strings = {"localhost:8080", "ftp://localhost", "http:///x", ""})
    void addresses(String address) {
        assertThatThrownBy(() -> new ServiceClient(URI.create(address), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write for example http://localhost:8080");
    }

    @Test
    @DisplayName("stops waiting for a service that stops in the middle of a response")
    void limitsSilence() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                ServiceClient client = new ServiceClient(
                        URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                        Optional.empty(),
                        Duration.ofSeconds(3))) {
            // given
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                answerInPart(silent);
                answerInPart(silent);
            });

            // then
            assertThatThrownBy(client::status)
                    .isInstanceOf(ServiceException.Unreachable.class)
                    .hasMessageContaining("has not answered within 3 s: check that it runs");
            try (InputStream backup = client.backup()) {
                assertThat(backup.read()).isEqualTo('{');
                assertThatThrownBy(backup::read)
                        .isInstanceOf(IOException.class)
                        .hasMessage("the service has sent nothing for 3 s: check that it runs, and try again");
            }
            served.join();
        }
    }

    @Test
    @DisplayName("names the setting that limits the time of a backup if the connection breaks")
    void brokenBackup() throws Exception {
        try (ServerSocket breaking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServiceClient client = new ServiceClient(
                        URI.create("http://127.0.0.1:" + breaking.getLocalPort()), Optional.empty())) {
            // given
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> end(answerInPart(breaking)));

            // then
            try (InputStream backup = client.backup()) {
                assertThat(backup.read()).isEqualTo('{');
                assertThatThrownBy(backup::read)
                        .isInstanceOf(IOException.class)
                        .hasMessage("the connection to the service broke: try again, and raise"
                                + " reverie.http.backup-time of the service if a backup takes longer than that");
            }
            served.join();
        }
    }

    private static void end(Socket connection) {
        try {
            connection.shutdownOutput();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends the head of a response and one byte of its body, and leaves the connection open. */
    private static Socket answerInPart(ServerSocket server) {
        try {
            Socket connection = server.accept();
            connection.getInputStream().readNBytes(1);
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            return connection;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
