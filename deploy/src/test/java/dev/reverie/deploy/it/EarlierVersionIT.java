package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that commit d518e37 wrote: the store of a stopped service, in H2, with the classes apple, bear (sealed) and
 * cloud, each of ten images of 8x8, after a fourth one was forgotten; the responses of {@code /v1/memory} and
 * {@code /v1/classes}; and a finished run with its dataset. The last version with H2 exported the store.
 */
@DisplayName("Files of an earlier version:")
@Timeout(300)
class EarlierVersionIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    private static final int SEALED = 1;

    private Path folder = Path.of("");

    @BeforeEach
    void unpack(@TempDir Path temporary) throws Exception {
        folder = temporary;
        try (InputStream file = EarlierVersionIT.class.getResourceAsStream("store-format-1.zip");
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = folder.resolve(entry.getName());
                Files.createDirectories(path.getParent());
                Files.copy(zip, path);
            }
        }
    }

    @Test
    @DisplayName("a store of H2 is refused with the commands that move it")
    void storeOfH2() throws Exception {
        String store = folder.resolve("store").toString();

        ReverieProcess.Ended refused = ReverieProcess.run(folder, List.of("serve", "--store", store, "--port", "0"));

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("'reverie store export --store " + store + " --to moving.backup'")
                .contains("'reverie store import --from moving.backup --store NEW'");
    }

    @Test
    @DisplayName("an exported store has all its classes, recognises its samples, and returns the same images")
    void store() throws Exception {
        String store = folder.resolve("moved").toString();
        Path backup = folder.resolve("moving.backup");
        try (InputStream file = EarlierVersionIT.class.getResourceAsStream("store-of-h2.backup")) {
            Files.copy(file, backup);
        }
        assertThat(ReverieProcess.run(folder, List.of("store", "import", "--from", backup.toString(), "--store", store))
                        .exitCode())
                .isZero();
        List<String> arguments = List.of("serve", "--store", store, "--port", "0");
        try (ReverieProcess service = ReverieProcess.start(
                        folder,
                        List.of("env", "REVERIE_LEARNING_MIN_IMAGES=8", "REVERIE_MEMORY_IMAGES_PER_CLASS=2"),
                        arguments);
                HttpClient http = HttpClient.newHttpClient()) {
            URI address = URI.create(service.awaitLine(ADDRESS));

            JsonNode classes = JSON.readTree(send(http, get(address.resolve("/v1/classes"))));
            byte[] memory = send(http, get(address.resolve("/v1/memory?dtype=float32")));
            JsonNode receipt = JSON.readTree(send(
                    http,
                    HttpRequest.newBuilder(address.resolve("/v1/samples"))
                            .header("Content-Type", "application/x-npz")
                            .POST(HttpRequest.BodyPublishers.ofFile(folder.resolve("apple.npz")))
                            .build()));

            JsonNode before = JSON.readTree(folder.resolve("classes.json").toFile());
            for (String field : List.of("label", "index", "seen", "reservoir", "images")) {
                assertThat(classes.findValuesAsText(field))
                        .as(field)
                        .isEqualTo(before.findValuesAsText(field))
                        .hasSize(3);
            }
            assertThat(receipt.get("accepted").intValue()).isZero();
            assertThat(receipt.get("duplicates").intValue()).isEqualTo(10);
            assertThat(classes.get(SEALED).get("phase").textValue()).isEqualTo("sealed");
            Path now = Files.write(folder.resolve("now.npz"), memory);
            assertThat(imagesOf(now, SEALED))
                    .hasSize(2)
                    .usingRecursiveComparison()
                    .isEqualTo(imagesOf(folder.resolve("memory.npz"), SEALED));
        }
    }

    @Test
    @DisplayName("a checkpoint is resumed and gives the same bytes as an uninterrupted run")
    void checkpoint() throws Exception {
        assertThat(distill(folder.resolve("run"), "--resume").exitCode()).isZero();
        assertThat(distill(folder.resolve("whole")).exitCode()).isZero();

        assertThat(folder.resolve("run").resolve("synthetic.npz"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("synthetic.npz"));
    }

    private ReverieProcess.Ended distill(Path out, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("distill --method dream --ipc 1 --width 4 --outer-iterations 4 --inner-loops 3".split(" ")));
        arguments.addAll(List.of("--dataset", "folder:" + folder.resolve("photos"), "--out", out.toString()));
        arguments.addAll(List.of(more));
        return ReverieProcess.run(folder, arguments);
    }

    private static HttpRequest get(URI address) {
        return HttpRequest.newBuilder(address).build();
    }

    private static byte[] send(HttpClient http, HttpRequest request) throws Exception {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return response.body();
    }

    private static List<double[]> imagesOf(Path npz, int label) throws Exception {
        DistilledSet set = NpzFile.read(npz);
        List<double[]> images = new ArrayList<>();
        for (int index = 0; index < set.labels().size(); index++) {
            if (set.labels().get(index) == label) {
                images.add(set.images().values(index));
            }
        }
        return images;
    }
}
