package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A running service refuses bad samples without any effect on the memory")
@Timeout(120)
class BadSamplesTest {

    private static final String NPZ = "application/x-npz";
    private static final String LINES = "application/x-ndjson";
    private static final String SAMPLES = "/v1/samples";
    private static final String PICTURE = SAMPLES + "?label=odd";
    private static final byte[] PNG = Pictures.colourPng(8, 8);
    private static final byte[] JPEG = Pictures.jpeg(8, 8);
    private static final int SIDE = 8;
    private static final int CLASSES = 3;
    /** Coprime to the bits of a byte, so that all of them have their turn. */
    private static final int STRIDE = 53;

    @AutoClose
    private static ServerOnActors server;

    @BeforeAll
    static void start(@TempDir Path store) {
        server = new ServerOnActors(store, CLASSES);
        server.post(SAMPLES + "?label=cat&id=first", "image/png", PNG);
    }

    @AfterEach
    void continues() {
        HttpResponse<byte[]> good = server.post(SAMPLES + "?label=cat&id=" + UUID.randomUUID(), "image/png", PNG);

        assertThat(good.body()).asString().isEqualTo("{\"accepted\":1,\"duplicates\":0}");
        assertThat(server.classes()).containsExactly("cat");
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                body("another size", PICTURE, "image/png", Pictures.colourPng(8, 9), 422, "shape-mismatch"),
                body("an image of one pixel", PICTURE, "image/png", Pictures.colourPng(1, 1), 422, "shape-mismatch"),
                body("a label of 10 MB in JSON", SAMPLES, LINES, line(longest()), 413, "too-large"),
                body("a known id", SAMPLES + "?label=cat&id=first", "image/jpeg", JPEG, 409, "conflict"),
                body("an id for two images", SAMPLES, NPZ, twice("same"), 409, "conflict"),
                body("4,096 classes at once", SAMPLES, NPZ, batch(names(4096)), 409, "quota"));
    }

    private static Arguments body(String name, String path, String type, byte[] body, int status, String problem) {
        return Arguments.of(name, path, type, body, status, problem);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("with a problem that names the fault")
    @MethodSource("bad")
    void bad(String name, String path, String type, byte[] body, int status, String problem) {
        Server.problem(server.post(path, type, body), status, problem);
    }

    @Test
    @DisplayName("if any bit of a JPEG is flipped, unless it decodes to another picture")
    void flippedJpeg() {
        for (int bit = 0; bit < JPEG.length * Byte.SIZE; bit += STRIDE) {
            HttpResponse<byte[]> answer = server.post(SAMPLES + "?label=cat", "image/jpeg", flipped(JPEG, bit));

            assertThat(answer.statusCode()).isIn(Set.of(200, 400, 413, 422));
            if (answer.statusCode() != 200) {
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
        }
    }

    @Test
    @DisplayName("with advice if the maximum number of classes is reached")
    void oneClassTooMany() {
        List<String> others = names(CLASSES - 1);
        others.forEach(label -> assertThat(
                        server.post(SAMPLES, NPZ, batch(List.of(label))).statusCode())
                .isEqualTo(200));

        String detail = Server.problem(server.post(PICTURE, "image/png", PNG), 409, "quota");
        assertThat(detail)
                .isEqualTo("this service is limited to 3 classes and cannot add 'odd': forget a class first"
                        + " with DELETE /v1/classes/LABEL");

        server.forget(others.getFirst());
        assertThat(server.post(PICTURE, "image/png", PNG).statusCode()).isEqualTo(200);

        Stream.concat(others.stream(), Stream.of("odd")).forEach(server::forget);
    }

    private static byte[] flipped(byte[] valid, int bit) {
        byte[] flipped = valid.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return flipped;
    }

    private static byte[] line(String label) {
        return Pictures.line(label, PNG).getBytes(StandardCharsets.UTF_8);
    }

    private static String longest() {
        return "a".repeat(10 << 20);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "class-" + i).toList();
    }

    /** Noise of the right shape, one image a label. */
    private static byte[] batch(List<String> labels) {
        return noise(labels.size()).texts("labels", labels).toBytes();
    }

    private static byte[] twice(String id) {
        return noise(2).texts("labels", List.of("cat", "cat"))
                .texts("ids", Collections.nCopies(2, id))
                .toBytes();
    }

    private static NpzBytes noise(int images) {
        byte[] levels = new byte[images * 3 * SIDE * SIDE];
        new SplittableRandom(0).nextBytes(levels);
        return new NpzBytes().array("images", "|u1", "(%d, 3, %d, %d)".formatted(images, SIDE, SIDE), levels);
    }
}
