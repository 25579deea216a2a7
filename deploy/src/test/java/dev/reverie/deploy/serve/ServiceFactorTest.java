package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.client.ClassPhase;
import dev.reverie.client.ClassStatus;
import dev.reverie.client.ImageShape;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The factor of a service")
@Timeout(120)
class ServiceFactorTest {

    private static final String METHOD = "reverie.learning.method";
    private static final String FACTOR = "reverie.learning.factor";
    private static final String BYTES = "reverie.memory.bytes-per-class";

    private static final int GREY = 1;
    private static final int COLOUR = 3;

    private static final List<String> LABELS = List.of("cat", "dog");
    private static final int IMAGES = 6;
    private static final int STORED_PER_CLASS = 10;

    private Path store;

    @BeforeEach
    void nameTheStore(@TempDir Path folder) {
        store = folder.resolve("store");
    }

    @Test
    @DisplayName(
            "is 2 for small colour images in few bytes: the memory has four images for each stored one, also after a"
                    + " restart")
    void colour() throws Exception {
        String tag;
        try (RunningService service = start(Map.of());
                ReverieClient client = clientOf(service)) {
            client.deliver(samples(COLOUR));
            DistilledSet set = memory(client);
            tag = tag(service);

            assertThat(set.factor()).isEqualTo(2);
            assertThat(set.parameterLabels()).isEqualTo(labels(STORED_PER_CLASS));
            assertThat(set.labels()).isEqualTo(labels(4 * STORED_PER_CLASS));
        }
        try (RunningService service = start(Map.of());
                ReverieClient client = clientOf(service)) {
            assertThat(memory(client).factor()).isEqualTo(2);
            assertThat(tag(service)).isEqualTo(tag);
        }
    }

    @Test
    @DisplayName("is 1 for the smallest colour images if a class has 16 KiB, also if it has less after a restart")
    void manyBytes() throws Exception {
        try (RunningService service = start(Map.of(BYTES, "16 KiB"));
                ReverieClient client = clientOf(service)) {
            client.deliver(samples(COLOUR));
            assertThat(memory(client).factor()).isEqualTo(1);
        }
        try (RunningService service = start(Map.of());
                ReverieClient client = clientOf(service)) {
            assertThat(memory(client).factor()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("stays that of the images of a class that is sealed before it learns")
    void sealed() throws Exception {
        byte[] collected;
        try (RunningService service = start(Map.of());
                ReverieClient client = clientOf(service)) {
            client.deliver(samples(COLOUR));
            collected = memory(client).parameters().toBytes();

            ClassStatus sealed = client.seal("cat").orElseThrow();

            assertThat(sealed.phase()).isEqualTo(ClassPhase.SEALED);
            assertThat(sealed.reservoir()).isZero();
            assertThat(sealed.images()).isEqualTo(STORED_PER_CLASS);
        }
        try (RunningService service = start(Map.of());
                ReverieClient client = clientOf(service)) {
            assertThat(memory(client).factor()).isEqualTo(2);
            assertThat(memory(client).parameters().toBytes()).isEqualTo(collected);
        }
    }

    @Test
    @DisplayName("follows the images by default, also once others replace all of them")
    void replaced() throws Exception {
        assertThat(relearned(Map.of(), COLOUR)).isEqualTo(2);
        assertThat(relearned(Map.of(), GREY)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({METHOD + ", dream, 1, 2", FACTOR + ", 1, 3, 1"})
    @DisplayName("is that of the store if it has one, whatever the images are")
    void stored(String key, String value, int channels, int factor) throws Exception {
        start(Map.of(key, value)).close();

        assertThat(relearned(Map.of(), channels)).isEqualTo(factor);
    }

    @ParameterizedTest
    @CsvSource({"3, dream, 1, 2", "1, dsa, 3, 1"})
    @DisplayName("can be configured to be the one that the images have chosen, and then stays so")
    void fixed(int channels, String method, int laterChannels, int factor) throws Exception {
        relearned(Map.of(), channels);

        start(Map.of(METHOD, method)).close();

        assertThat(relearned(Map.of(), laterChannels)).isEqualTo(factor);
    }

    @Test
    @DisplayName("cannot be configured to be another than the images have chosen, which they go on to do")
    void conflicting() throws Exception {
        relearned(Map.of(), COLOUR);

        assertThatThrownBy(() -> start(Map.of(FACTOR, "1")))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store " + store + " has images learned with factor 2, not 1: set"
                        + " reverie.learning.factor to 2, set reverie.learning.method to a method with this factor, or"
                        + " start a new store");
        assertThat(relearned(Map.of(), GREY)).isEqualTo(1);
    }

    @Test
    @DisplayName("can be configured after the first start as long as the store has no images")
    void empty() {
        start(Map.of()).close();

        start(Map.of(FACTOR, "3")).close();

        assertThatThrownBy(() -> start(Map.of(FACTOR, "2")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("learned with factor 3, not 2");
    }

    @Test
    @DisplayName("cannot be configured while a damaged list of classes hides what the images have chosen")
    void damaged() throws Exception {
        relearned(Map.of(), GREY);
        int deleted = StoreFile.in(store)
                .execute("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'registry' AND"
                        + " \"sequence_number\" = 1");
        assertThat(deleted).isPositive();

        assertThatThrownBy(() -> start(Map.of(FACTOR, "1")))
                .isInstanceOf(StoreException.class)
                .hasMessage("the images in the store " + store + " choose the factor: set reverie.learning.factor to"
                        + " auto and reverie.learning.method to dm, or start a new store");
    }

    /** Lets a service forget all classes and learn others. Returns the factor of its memory then. */
    private int relearned(Map<String, String> settings, int channels) throws ReverieException {
        try (RunningService service = start(settings);
                ReverieClient client = clientOf(service)) {
            for (String label : LABELS) {
                client.forget(label);
            }
            client.deliver(samples(channels));
            return memory(client).factor();
        }
    }

    private static ReverieClient clientOf(RunningService service) {
        service.storeRead().toCompletableFuture().join();
        return ReverieClient.builder(service.address()).build();
    }

    private static DistilledSet memory(ReverieClient client) throws ReverieException {
        return NpzFile.read(client.memoryFile().orElseThrow(), "memory");
    }

    private static String tag(RunningService service) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(service.address().resolve("/v1/memory")).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
        }
    }

    private static Samples samples(int channels) {
        ImageShape shape = new ImageShape(channels, 8, 8);
        byte[] pixels = new byte[IMAGES * shape.size()];
        new SplittableRandom(channels).nextBytes(pixels);
        List<String> labels = IntStream.range(0, IMAGES)
                .mapToObj(i -> LABELS.get(i % LABELS.size()))
                .toList();
        return Samples.of(shape, pixels, labels);
    }

    /** The indices of two classes, each as often as it has images. */
    private static List<Integer> labels(int images) {
        return IntStream.range(0, LABELS.size())
                .mapToObj(label -> Collections.nCopies(images, label))
                .flatMap(List::stream)
                .toList();
    }

    /** Starts a service whose classes have few bytes. */
    private RunningService start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent(BYTES, "8 KiB");
        return LocalService.start(store, all);
    }
}
