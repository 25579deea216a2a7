package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The HTTP API for batches of the memory")
class BatchEndpointTest {

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("draws balanced batches with the arrays of a memory, the same for the same seed")
    void sample() throws IOException {
        server.deliver("dog", "dog", "dog", "cat", "owl");

        HttpResponse<byte[]> batch = server.get("/v1/memory/sample?n=30&seed=7");
        Map<String, byte[]> arrays = NpzArrays.of(batch.body());

        assertThat(batch.headers().firstValue("Content-Type")).contains("application/x-npz");
        assertThat(arrays).containsOnlyKeys(NpzArrays.OF_MEMORY);
        assertThat(NpzFile.read(batch.body(), "the batch").factor()).isEqualTo(1);
        for (Long label : List.of(0L, 1L, 2L)) {
            assertThat(Collections.frequency(NpzArrays.integers(arrays, "labels"), label))
                    .isEqualTo(10);
        }
        assertThat(server.get("/v1/memory/sample?n=30&seed=7").body()).isEqualTo(batch.body());
        assertThat(server.get("/v1/memory/sample?n=30&seed=8").body()).isNotEqualTo(batch.body());
        assertThat(NpzArrays.integers(
                        NpzArrays.of(server.get("/v1/memory/sample").body()), "labels"))
                .hasSize(64);
        assertThat(NpzArrays.integers(
                        NpzArrays.of(server.get("/v1/memory/sample?n=4&classes=owl,cat")
                                .body()),
                        "labels"))
                .containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
    }

    @Test
    @DisplayName("limits a batch of large images to 64 MiB, even if the client asks for no number")
    void largeImages() throws IOException {
        Image megapixel = Image.of(new ImageShape(1, 1024, 1024), new byte[1 << 20]);
        server.service.admit(new Delivery(IngestSource.HTTP, List.of(new Sample("cat", Optional.empty(), megapixel))));

        byte[] bytes = server.get("/v1/memory/sample").body();
        byte[] floats = server.get("/v1/memory/sample?dtype=float32").body();
        HttpResponse<byte[]> tooMany = server.get("/v1/memory/sample?n=65");

        assertThat(NpzArrays.integers(NpzArrays.of(bytes), "labels")).hasSize(64);
        assertThat(NpzArrays.integers(NpzArrays.of(floats), "labels")).hasSize(16);
        assertThat(Server.problem(tooMany, 400, "parameter-invalid")).contains("'n' must be at most 64");
    }

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "identity, false",
        "br, false",
        "gzip;q=0, false",
        "gzip, true",
        "'deflate, gzip;q=0.5', true",
        "'gzip, identity;q=0.5', true",
        "'identity, gzip;q=0.5', false",
        "'gzip;q=0, *', false",
        "*, true",
        "gzip;q=high, false"
    })
    @DisplayName("compresses the arrays of a batch only for clients that accept gzip, and those of the memory always")
    void compression(String accepted, boolean compressed) throws IOException {
        server.deliver("dog", "cat");
        HttpResponse<byte[]> batch = server.send(
                "/v1/memory/sample?seed=7",
                request -> accepted.isEmpty() ? request : request.header("Accept-Encoding", accepted));

        assertThat(batch.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(methods(batch.body())).containsOnly(compressed ? ZipEntry.DEFLATED : ZipEntry.STORED);
        assertThat(methods(server.get("/v1/memory").body())).containsOnly(ZipEntry.DEFLATED);
        assertThat(NpzArrays.of(batch.body()).get("images"))
                .isEqualTo(NpzArrays.of(server.get("/v1/memory/sample?seed=7").body())
                        .get("images"));
    }

    private static List<Integer> methods(byte[] npz) throws IOException {
        List<Integer> methods = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(npz))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                methods.add(entry.getMethod());
            }
        }
        return methods;
    }

    @Test
    @DisplayName("refuses impossible batch parameters")
    void impossibleParameters() {
        server.deliver("dog");

        for (String query :
                List.of("n=0", "n=-1", "n=1000000000", "n=x", "seed=18446744073709551616", "seed=x", "n=1&n=2")) {
            Server.problem(server.get("/v1/memory/sample?" + query), 400, "parameter-invalid");
        }
        Server.problem(server.get("/v1/memory/sample?classes=dog,nobody"), 404, "unknown-class");
        Server.problem(server.get("/v1/memory/sample?classes="), 404, "unknown-class");
    }
}
