package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.SelfSignedCertificate;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.it.ReverieProcess;
import dev.reverie.deploy.it.SmallDistillation;
import dev.reverie.gpu.dataset.NpzFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The archive, on a machine without Java")
@Timeout(300)
class ArchiveIT {

    private static final long PAUSE_NS = 10_000_000;

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)(\\.\\d+)*");
    private static final Pattern OURS = Pattern.compile("(?i).*linux[-/](x86_64|amd64)(-onednn-avx(2|512))?/.*");
    private static final int SIDE = 16;

    private static Installation installation;

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void unpack(@TempDir Path machine) throws Exception {
        installation = Installation.in(machine.toRealPath());
    }

    @Test
    @DisplayName("contains the libraries of one platform, for all variants of its processors, and no compiler")
    void onePlatform() throws Exception {
        assertThat(natives("")).isNotEmpty().allMatch(OURS.asMatchPredicate());
        assertThat(String.join(" ", installation.list("lib")))
                .contains("linux-x86_64.jar", "linux-x86_64-onednn-avx2.jar", "linux-x86_64-onednn-avx512.jar");
        assertThat(natives("sqlite-jdbc")).containsExactly("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so");
        assertThat(installation.list("runtime/bin")).contains("java", "jcmd").doesNotContain("javac");
        assertThat(installation.list("")).contains("LICENSE", "NOTICE", "README.md", "docs", "systemd");
        assertThat(installation.list("runtime/legal")).contains("java.base");
    }

    /** The native libraries in the jars whose names begin so. */
    private static List<String> natives(String jars) throws IOException {
        List<String> natives = new ArrayList<>();
        for (String jar : installation.jars("lib")) {
            try (ZipFile content =
                    new ZipFile(installation.home().resolve("lib").resolve(jar).toFile())) {
                content.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> jar.startsWith(jars))
                        .filter(NATIVE.asMatchPredicate())
                        .forEach(natives::add);
            }
        }
        return natives;
    }

    @ParameterizedTest
    @CsvSource({"sbom, lib", "sbom-lab, lib/lab"})
    @DisplayName("lists each jar with its digest, its package and its licence, the Java runtime, and nothing else")
    void components(String list, String folder) throws Exception {
        JsonNode sbom = new ObjectMapper()
                .readTree(installation.home().resolve(list + ".cdx.json").toFile());
        Map<String, String> listed = new TreeMap<>();
        List<JsonNode> components = new ArrayList<>(List.of(sbom.get("metadata").get("component")));
        sbom.get("components").forEach(components::add);
        for (JsonNode component : components) {
            String location = component.at("/evidence/occurrences/0/location").asText();
            if (location.equals("runtime")) {
                assertThat(component.get("purl").asText())
                        .isEqualTo("pkg:generic/openjdk@"
                                + component.get("version").asText().replace("+", "%2B"));
            } else {
                assertThat(component.get("purl").asText()).startsWith("pkg:maven/");
                assertThat(component.get("licenses")).as(location).isNotEmpty();
                listed.put(location, component.at("/hashes/0/content").asText());
            }
        }
        Map<String, String> present = new TreeMap<>();
        for (String jar : installation.jars(folder)) {
            Path file = installation.home().resolve(folder).resolve(jar);
            present.put(folder + "/" + jar, DigestUtils.sha256Hex(Files.readAllBytes(file)));
        }
        assertThat(listed).isEqualTo(present);
        assertThat(sbom.findValuesAsText("location")).contains("runtime").doesNotHaveDuplicates();
        assertThat(sbom.has("serialNumber") || sbom.get("metadata").has("timestamp"))
                .isFalse();
    }

    @Test
    @DisplayName("contains the guides to which its systemd unit refers")
    void guides() throws Exception {
        String unit = Files.readString(installation.home().resolve("systemd/reverie.service"));
        assertThat(Pattern.compile("docs/[\\w/-]+\\.md").matcher(unit).results())
                .isNotEmpty()
                .allSatisfy(page ->
                        assertThat(installation.home().resolve(page.group())).exists());
    }

    @Test
    @DisplayName("prints its version from any folder and through a symbolic link, on its bundled Java")
    void version() throws Exception {
        Path link = Files.createSymbolicLink(
                folder.resolve("rv"), installation.home().resolve("bin/reverie"));

        ReverieProcess.Ended ended = run(installation.command(link, List.of("--version")));

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out())
                .matches("reverie \\S+ \\(Java "
                        + Pattern.quote(Runtime.version().toString()) + "\\)\\R");
        assertThat(run(installation.command(link, List.of("--version", "--verbose")))
                        .out())
                .containsPattern("commit: ([0-9a-f]{40}(, with changes that are not in the commit)?|unknown)\\R")
                .containsPattern("libraries: nd4j \\S+, pekko \\S+, sqlite \\S+\\R");
    }

    @Test
    @DisplayName("serves: accepts a PNG and a JPEG, draws the memory as one image, and exits with 0 on SIGTERM")
    void serves() throws Exception {
        try (ReverieProcess service = serve();
                HttpClient client = HttpClient.newHttpClient()) {
            String address = service.awaitLine(ADDRESS);
            assertThat(service.program()).isEqualTo(installation.home().resolve("runtime/bin/java"));
            awaitReady(client, address);

            assertThat(deliver(client, address, "png")).isEqualTo(200);
            assertThat(deliver(client, address, "jpeg")).isEqualTo(200);
            BufferedImage wall = ImageIO.read(new ByteArrayInputStream(
                    get(client, address + "/v1/memory?format=png").body()));
            assertThat(wall.getHeight()).isGreaterThan(2 * SIDE);

            service.signal("TERM");
            ReverieProcess.Ended ended = service.await();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
        }
    }

    @Test
    @DisplayName("serves HTTPS with an elliptic-curve certificate")
    void servesHttps() throws Exception {
        SelfSignedCertificate pair = SelfSignedCertificate.in(folder, "EC", "service");
        Path config = Files.writeString(
                folder.resolve("tls.conf"),
                "reverie.http.tls { certificate = \"%s\", key = \"%s\" }".formatted(pair.certificate(), pair.key()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(pair.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (ReverieProcess service = serve("--config", config.toString());
                HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            String address = service.awaitLine(ADDRESS);
            assertThat(address).startsWith("https://");
            assertThat(get(client, address + "/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("runs the demo and writes its table and report")
    void demo() throws Exception {
        SmallDemo demo = new SmallDemo(folder);

        demo.assertComplete(run(installation.command(demo.arguments())));
    }

    @Test
    @DisplayName("distils a folder of pictures")
    void distils() throws Exception {
        Path out = folder.resolve("run");
        SmallDistillation distillation = new SmallDistillation(TinyImageFolder.writeTo(folder.resolve("data")), out);

        ReverieProcess.Ended ended = run(installation.command(distillation.arguments(1)));

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(NpzFile.read(out.resolve("synthetic.npz")).classes().names()).containsExactly("lower", "upper");
        assertThat(ImageIO.read(out.resolve("synthetic.png").toFile())).isNotNull();
    }

    private ReverieProcess.Ended run(List<String> command) throws Exception {
        try (ReverieProcess process = ReverieProcess.startCommand(folder, command)) {
            return process.await();
        }
    }

    private ReverieProcess serve(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("serve", "--store", folder.resolve("store").toString(), "--port", "0"));
        arguments.addAll(List.of(more));
        return ReverieProcess.startCommand(folder, installation.command(arguments));
    }

    private static int deliver(HttpClient client, String address, String format) throws Exception {
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), format, picture);
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/samples?label=" + format))
                .header("Content-Type", "image/" + format)
                .POST(HttpRequest.BodyPublishers.ofByteArray(picture.toByteArray()))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .statusCode();
    }

    private static void awaitReady(HttpClient client, String address) throws Exception {
        while (get(client, address + "/readyz").statusCode() != 200) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static HttpResponse<byte[]> get(HttpClient client, String address) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
