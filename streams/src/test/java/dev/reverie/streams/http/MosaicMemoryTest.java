package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The HTTP API for a memory of two classes of two mosaics each")
class MosaicMemoryTest {

    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    @AutoClose
    private final Server server = Server.start();

    private final Random random = new Random(17);

    @BeforeEach
    void deliver() {
        server.service.storeMosaics(2);
        server.service.admit(new Delivery(
                IngestSource.HTTP,
                Stream.of("cat", "cat", "dog", "dog").map(this::sample).toList()));
    }

    private Sample sample(String label) {
        byte[] levels = new byte[SHAPE.size()];
        random.nextBytes(levels);
        return new Sample(label, Optional.empty(), Image.of(SHAPE, levels));
    }

    private DistilledSet read(String path) {
        return NpzFile.read(server.get(path).body(), "the memory");
    }

    @Test
    @DisplayName("serves the images to which the mosaics decode, and the mosaics beside them")
    void memory() throws IOException {
        DistilledSet memory = read("/v1/memory");

        assertThat(arrays("/v1/memory"))
                .containsExactlyInAnyOrder(
                        "images",
                        "labels",
                        "parameters",
                        "parameter_labels",
                        "factor",
                        "mean",
                        "std",
                        "class_names",
                        "class_index");
        assertThat(memory.factor()).isEqualTo(2);
        assertThat(memory.parameterLabels()).containsExactly(0, 0, 1, 1);
        assertThat(levels(memory.parameters().toImages()))
                .isEqualTo(levels(Stream.of("cat", "dog")
                        .flatMap(label -> server.service.accepted(label).stream())
                        .map(Sample::image)
                        .toList()));
        assertThat(memory.labels()).hasSize(16);
        assertThat(memory.images().toLevels())
                .isEqualTo(StoredSet.of(memory).decoded().images().toLevels());
    }

    @Test
    @DisplayName("serves both in floats on request")
    void floats() {
        DistilledSet memory = read("/v1/memory?dtype=float32");

        assertThat(memory.parameters().dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(memory.images().toArray())
                .isEqualTo(StoredSet.of(memory).decoded().images().toArray());
    }

    @Test
    @DisplayName("draws batches from the decoded images, and serves them alone")
    void batch() throws IOException {
        DistilledSet batch = read("/v1/memory/sample?n=16&seed=7");

        assertThat(arrays("/v1/memory/sample?n=16&seed=7"))
                .containsExactlyInAnyOrder("images", "labels", "factor", "mean", "std", "class_names", "class_index");
        assertThat(batch.factor()).isEqualTo(1);
        assertThat(levels(batch.images().toImages()))
                .containsExactlyInAnyOrderElementsOf(
                        levels(read("/v1/memory").images().toImages()));
    }

    @Test
    @DisplayName("reserves for the pictures no more than for the arrays")
    void codedAnswer() {
        assertReserves("/v1/memory?format=zip", NpzFile.maxBytes(read("/v1/memory")));
    }

    @Test
    @DisplayName("reserves for an answer in floats about what it can take")
    void floatAnswers() {
        long whole = NpzFile.maxBytes(read("/v1/memory?dtype=float32"));
        long batch = NpzFile.maxBytes(read("/v1/memory/sample?n=16&seed=7&dtype=float32"), 16);

        assertReserves("/v1/memory?dtype=float32", whole * 3 / 2);
        assertReserves("/v1/memory/sample?n=16&seed=7&dtype=float32", batch * 3 / 2);
    }

    /** Checks that at least as many bytes are reserved as an answer needs, and at most the given number. */
    private void assertReserves(String path, long most) {
        Answers answers = new Answers(1 << 20, Duration.ofSeconds(1), 1000);
        List<Runnable> encodings = new ArrayList<>();
        MemoryEndpoints endpoints = endpoints(answers, encodings);

        HttpRequest request = HttpRequest.GET(path);
        CompletionStage<?> answer = path.contains("sample") ? endpoints.sample(request) : endpoints.get(request);
        long reserved = answers.reserved();
        assertThat(answer).as("decoded and encoded by other threads").isNotCompleted();
        encodings.forEach(Runnable::run);

        assertThat(answer).isCompleted();
        assertThat(reserved).isBetween(answers.reserved(), most);
    }

    private MemoryEndpoints endpoints(Answers answers, List<Runnable> encodings) {
        return new MemoryEndpoints(
                server.service, new ResponseDeadline(Duration.ofSeconds(5)), answers, encodings::add, 4096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "png", "zip"})
    @DisplayName("encodes the memory once in each format, for all clients that ask before it changes")
    void encodedOnce(String format) {
        Answers answers = new Answers(1 << 20, Duration.ofSeconds(1), 1000);
        List<Runnable> encodings = new ArrayList<>();
        MemoryEndpoints endpoints = endpoints(answers, encodings);
        HttpRequest request = HttpRequest.GET("/v1/memory?format=" + format);

        List<CompletionStage<?>> together = List.of(endpoints.get(request), endpoints.get(request));
        long reserved = answers.reserved();
        encodings.forEach(Runnable::run);

        assertThat(together).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(endpoints.get(request)).isCompleted();
        assertThat(encodings).hasSize(1);
        assertThat(answers.reserved()).isPositive().isLessThanOrEqualTo(reserved);
    }

    @Test
    @DisplayName("shows the mosaics of a class whole")
    void picture() {
        byte[] mosaics = server.get("/v1/classes/cat/images.png").body();

        server.service.storeMosaics(1);
        assertThat(mosaics).isEqualTo(server.get("/v1/classes/cat/images.png").body());
    }

    private static List<ByteBuffer> levels(List<Image> images) {
        return images.stream().map(Image::levels).toList();
    }

    private List<String> arrays(String path) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(server.get(path).body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName().replace(".npy", ""));
            }
        }
        return names;
    }
}
