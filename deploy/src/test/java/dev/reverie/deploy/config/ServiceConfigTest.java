package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.http.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The configuration of a service")
class ServiceConfigTest {

    private final Path folder;

    ServiceConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Nested
    @DisplayName("without a file")
    class Defaults {

        private final ServiceConfig config = load(Map.of());

        @Test
        @DisplayName("has the default limits of the parts")
        void limits() {
            assertThat(config.httpSettings()).isEqualTo(HttpSettings.on(8080));
            assertThat(config.limits().ingest()).isEqualTo(IngestLimits.defaults());
            assertThat(config.limits().intake()).isEqualTo(IntakeLimits.DEFAULT);
        }

        @ParameterizedTest(name = "images of {0}x{1}x{2}, {3} per class")
        @CsvSource({"1, 28, 28, 10", "3, 32, 32, 1", "3, 64, 64, 50"})
        @DisplayName("learns like the quick preset of dm, from k-means representatives")
        void learning(int channels, int height, int width, int ipc) {
            ImageShape shape = new ImageShape(channels, height, width);

            assertThat(config.learning().settings(shape, ipc))
                    .isEqualTo(Presets.quick("a stream", shape, Method.DM, ipc, 1, 0)
                            .withComposition(Method.DM.composition().with(Initialiser.K_MEANS)));
        }

        @ParameterizedTest
        @EnumSource(names = {"DREAM", "DREAM_PLUS", "IDC", "DANCE", "DM", "DSA", "DC", "TILE"})
        @DisplayName("learns by any other method like its quick preset")
        void otherMethods(Method method) throws IOException {
            ImageShape shape = new ImageShape(1, 28, 28);

            ServiceConfig other = ServiceConfig.load(
                    Optional.empty(),
                    Map.of(),
                    Map.of("reverie.learning.method", method.label(), "reverie.learning.init", "auto"));

            assertThat(other.learning().settings(shape, 10))
                    .isEqualTo(Presets.quick("a stream", shape, method, 10, Presets.defaultFactor(method), 0));
        }

        @Test
        @DisplayName("starts from other images on request")
        void start() {
            ServiceConfig idc = load(Map.of("REVERIE_LEARNING_METHOD", "idc", "REVERIE_LEARNING_INIT", "noise"));

            assertThat(idc.learning().settings(new ImageShape(1, 28, 28), 10).composition())
                    .isEqualTo(Method.IDC.composition().with(Initialiser.NOISE));
        }

        @Test
        @DisplayName("listens on the loopback address without TLS, and reads no topic and no folder")
        void quiet() {
            assertThat(config.http().host()).isEqualTo("127.0.0.1");
            assertThat(config.http().tls()).isEmpty();
            assertThat(config.kafka()).isEmpty();
            assertThat(config.watch()).isEmpty();
            assertThat(config.store().postgres()).isEmpty();
        }
    }

    @Test
    @DisplayName("lets real images of any age stay by default, and drops older ones than the maximum age on request")
    void maxAge() {
        assertThat(load(Map.of()).limits().intake().maxAge()).isEmpty();
        assertThat(load(Map.of("REVERIE_RESERVOIR_MAX_AGE", "1 h"))
                        .limits()
                        .intake()
                        .maxAge())
                .contains(Duration.ofHours(1));
    }

    @Test
    @DisplayName("prefers options over the environment, the environment over the file, and the file over the defaults")
    void order() throws IOException {
        Path file = file("reverie { http { host = filehost, port = 1 }, learning.width = 7 }");

        ServiceConfig config = ServiceConfig.load(
                Optional.of(file),
                Map.of("REVERIE_HTTP_PORT", "2", "REVERIE_HTTP_HOST", "environmenthost"),
                Map.of("reverie.http.port", "3"));

        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.http().host()).isEqualTo("environmenthost");
        assertThat(config.learning().loop().width()).contains(7);
        assertThat(config.describe())
                .contains("reverie.http.port = 3 ", "# command line")
                .containsPattern("reverie.learning.width = 7 +# .*my\\.conf: 1\n")
                .containsPattern("reverie.learning.seed = 0 +# default\n");
    }

    @Test
    @DisplayName("never prints a password, whether it is valid or not")
    void secrets() {
        ServiceConfig config = load(Map.of(
                "REVERIE_STORE_POSTGRES_URL", "jdbc:postgresql://db/reverie",
                "REVERIE_STORE_POSTGRES_PASSWORD", "swordfish"));

        assertThat(config.store().postgres().orElseThrow().password().value()).isEqualTo("swordfish");
        assertThat(config.describe()).doesNotContain("swordfish").contains("password = (hidden)");
        assertThat(config.toString()).doesNotContain("swordfish");
        assertThat(problems(
                        Optional.empty(),
                        Map.of("REVERIE_STORE_POSTGRES_URL", "jdbc:postgresql://db/reverie?password=swordfish"),
                        Map.of()))
                .singleElement()
                .asString()
                .contains("password=(hidden)", "without a password")
                .doesNotContain("swordfish");
    }

    @Test
    @DisplayName("resizes no images by default, and crops them to a size with its width first")
    void resizing() {
        assertThat(load(Map.of()).ingest().resizing()).isEmpty();
        assertThat(load(Map.of("REVERIE_INGEST_RESIZE", "64x48")).ingest().resizing())
                .contains(new Resizing(new TargetSize(64, 48), Resizing.Fit.CROP));
        assertThat(load(Map.of("REVERIE_INGEST_RESIZE", "64x48", "REVERIE_INGEST_FIT", "pad"))
                        .ingest()
                        .resizing())
                .contains(new Resizing(new TargetSize(64, 48), Resizing.Fit.PAD));
    }

    @Test
    @DisplayName("passes the properties of a file to the Kafka clients")
    void kafkaProperties() throws IOException {
        Path properties = Files.writeString(folder.resolve("kafka.properties"), "security.protocol=SSL\n# more\n");

        KafkaConfig kafka = load(Map.of(
                        "REVERIE_KAFKA_ENABLED", "true", "REVERIE_KAFKA_CLIENT_PROPERTIES", properties.toString()))
                .kafka()
                .orElseThrow();

        assertThat(kafka.properties()).isEqualTo(Map.of("security.protocol", "SSL"));
        Files.delete(properties);
        assertThat(catchThrowableOfType(ConfigurationException.class, kafka::properties))
                .hasMessageContaining("kafka.properties cannot be read");
    }

    @Test
    @DisplayName("requires the watched folder to exist")
    void watchedFolder() throws IOException {
        Path watched = Files.createDirectory(folder.resolve("incoming"));
        WatchConfig watch =
                load(Map.of("REVERIE_WATCH_FOLDER", watched.toString())).watch().orElseThrow();

        assertThatCode(watch::requireFolder).doesNotThrowAnyException();
        Files.delete(watched);
        assertThat(catchThrowableOfType(ConfigurationException.class, watch::requireFolder))
                .hasMessageContaining("incoming is not a readable folder: create it");
    }

    @Nested
    @DisplayName("is rejected")
    class Refused {

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "reverie.http.prot = 1         | unknown key reverie.http.prot (MY.CONF: 1): did you mean"
                            + " reverie.http.port?",
                    "http.port = 1                 | unknown key http (MY.CONF: 1): did you mean reverie.http?",
                    "reverie.htpp { port = 1 }     | unknown key reverie.htpp (MY.CONF: 1): did you mean"
                            + " reverie.http?",
                    "reverie.http.port = 99999     | reverie.http.port is '99999' (MY.CONF: 1): it must be a whole"
                            + " number, 0 to 65535",
                    "reverie.http.port = 80.5      | reverie.http.port is '80.5' (MY.CONF: 1): it must be a whole"
                            + " number, 0 to 65535",
                    "reverie.http.insecure = maybe | reverie.http.insecure is 'maybe' (MY.CONF: 1): it must be true or"
                            + " false",
                    "reverie.http.head-time = soon | reverie.http.head-time is 'soon' (MY.CONF: 1): it must be a"
                            + " duration, 100 ms to 1 h",
                    "reverie.limits.body = 2 GiB   | reverie.limits.body is '2 GiB' (MY.CONF: 1): it must be a size, 1"
                            + " B to 1 GiB",
                    "reverie.learning.drift = NaN  | reverie.learning.drift is 'NaN' (MY.CONF: 1): it must be a"
                            + " number, 1.001 to 1000",
                    "reverie.learning.method = mtt | reverie.learning.method is 'mtt' (MY.CONF: 1): it must be one of"
                            + " dream, dream-plus, idc, dance, dm, dsa, dc, tile",
                    "reverie.learning.method = tgdd | reverie.learning.method is 'tgdd' (MY.CONF: 1): it must be one"
                            + " of dream, dream-plus, idc, dance, dm, dsa, dc, tile",
                    "reverie.learning.learning-rate = 0 | reverie.learning.learning-rate is '0' (MY.CONF: 1): it must"
                            + " be a number, greater than 0 and at most 1000, or auto",
                    "reverie.memory.bits = 3       | reverie.memory.bits is '3' (MY.CONF: 1): it must be one of 8, 4, 2",
                    "reverie.memory { images-per-class = 10, bytes-per-class = 9 } | reverie.memory.bytes-per-class is"
                            + " '9' (MY.CONF: 1): set only one of images-per-class and bytes-per-class",
                    "reverie.http = 8080           | reverie.http has the wrong type (MY.CONF: 1): it must be a"
                            + " section, reverie.http { ... }",
                    "reverie.http.port = [1]       | reverie.http.port has the wrong type (MY.CONF: 1): it must be a"
                            + " single value",
                    "reverie.http.tls.key = k      | reverie.http.tls.certificate is '' (default): set the certificate"
                            + " of the key, too",
                    "reverie.http.heartbeat = 90 s | reverie.http: heartbeat must be shorter than idle-time, got"
                            + " PT1M30S and PT1M",
                    "reverie.evaluation.test-share = 0 | reverie.evaluation.test-share is '0' (MY.CONF: 1): it must be"
                            + " a number, 0.001 to 0.5",
                    "reverie.kafka.topic = my topic| reverie.kafka.topic is 'my topic' (MY.CONF: 1): it must be the"
                            + " name of a topic, 1 to 249 of the letters a-z and A-Z, digits, dots, dashes and"
                            + " underscores",
                    "reverie.store.postgres.url = x| reverie.store.postgres.url is 'x' (MY.CONF: 1): it must be like"
                            + " jdbc:postgresql://host:5432/reverie, without a password",
                })
        @DisplayName("with the mistake, its origin and the allowed values")
        void wrongly(String line, String problem) throws IOException {
            Path file = file(line);

            assertThat(problems(Optional.of(file), Map.of(), Map.of()))
                    .containsExactly(problem.replace("MY.CONF", file.toString()));
        }

        @Test
        @DisplayName("with all mistakes, not only the first")
        void allAtOnce() throws IOException {
            Path file = file("reverie { http.port = x, memory { total-images = 5, total-bytes = 5 }, colour = red }");

            assertThat(problems(
                            Optional.of(file), Map.of("REVERIE_LIMITS_LINE", "0 B"), Map.of("reverie.http.hots", "x")))
                    .hasSize(5)
                    .anyMatch(problem -> problem.startsWith("reverie.http.port is 'x'"))
                    .anyMatch(problem -> problem.contains("set only one of total-images and total-bytes"))
                    .anyMatch(problem -> problem.startsWith("unknown key reverie.colour"))
                    .anyMatch(problem -> problem.contains("(environment variable REVERIE_LIMITS_LINE)"))
                    .anyMatch(problem -> problem.contains("reverie.http.hots (command line)"));
        }

        @Test
        @DisplayName("if images are to be resized to what is no size, or too small to be learned")
        void sizes() {
            assertThat(problems(Optional.empty(), Map.of("REVERIE_INGEST_RESIZE", "64"), Map.of()))
                    .containsExactly(
                            "reverie.ingest.resize is '64' (environment variable REVERIE_INGEST_RESIZE): it must"
                                    + " be WIDTHxHEIGHT, from 1x1 to 1024x1024, or empty");
            assertThat(problems(
                            Optional.empty(),
                            Map.of("REVERIE_INGEST_RESIZE", "3x64", "REVERIE_LEARNING_FACTOR", "4"),
                            Map.of()))
                    .containsExactly(
                            "reverie.ingest.resize is '3x64' (environment variable REVERIE_INGEST_RESIZE): each"
                                    + " side must have at least 4 pixels, and at least reverie.learning.factor");
        }

        @Test
        @DisplayName("if style terms have a weight and the method matches gradients")
        void styleOfGradients() {
            assertThat(problems(
                            Optional.empty(),
                            Map.of("REVERIE_LEARNING_METHOD", "dream", "REVERIE_LEARNING_STYLE_MOMENTS", "180"),
                            Map.of()))
                    .containsExactly(
                            "reverie.learning.method is 'dream' (environment variable REVERIE_LEARNING_METHOD): it must"
                                    + " match features only, as dm and dance do, if reverie.learning.style has a weight"
                                    + " above 0");
        }

        @Test
        @DisplayName("if the API and the metrics have the same port")
        void equalPorts() {
            assertThat(problems(
                            Optional.empty(),
                            Map.of("REVERIE_HTTP_PORT", "9000", "REVERIE_METRICS_PORT", "9000"),
                            Map.of()))
                    .containsExactly(
                            "reverie.metrics.port is '9000' (environment variable REVERIE_METRICS_PORT): choose"
                                    + " another port than reverie.http.port, or 0 for metrics on that port");
            assertThat(load(Map.of("REVERIE_HTTP_PORT", "0", "REVERIE_METRICS_PORT", "9000"))
                            .metrics()
                            .port())
                    .hasValue(9000);
        }

        @Test
        @DisplayName("if the format of the log is unknown, because nothing would be logged")
        void logFormat() {
            assertThat(problems(Optional.empty(), Map.of("REVERIE_LOG_FORMAT", "JSON"), Map.of()))
                    .containsExactly("the environment variable REVERIE_LOG_FORMAT is 'JSON': set it to text or json, or"
                            + " unset it");
            assertThat(load(Map.of("REVERIE_LOG_FORMAT", "json")).warnings()).isEmpty();
        }

        @Test
        @DisplayName("if its file is missing or not HOCON")
        void noFile() throws IOException {
            assertThat(problems(Optional.of(folder.resolve("none.conf")), Map.of(), Map.of()))
                    .singleElement()
                    .asString()
                    .contains("none.conf cannot be read");
            assertThat(problems(Optional.of(file("reverie { http {")), Map.of(), Map.of()))
                    .singleElement()
                    .asString()
                    .contains("syntax error", "my.conf: 1");
        }
    }

    @ParameterizedTest
    @DisplayName("warns about variables that are almost those of a setting")
    @CsvSource({
        "REVERIE_HTTP_PROT,     REVERIE_HTTP_PORT",
        "REVERIE_PORT,          REVERIE_HTTP_PORT",
        "REVERY_HTTP_PORT,      REVERIE_HTTP_PORT",
        "reverie_http_port,     REVERIE_HTTP_PORT",
        "REVERIEHTTP_PORT,      REVERIE_HTTP_PORT",
        "Reverie_Log_Level,     REVERIE_LOG_LEVEL"
    })
    void misspelt(String variable, String meant) {
        assertThat(load(Map.of(variable, "1", "REVERSE_PROXY", "x", "HTTP_PORT", "1", "LOG_LEVEL", "y"))
                        .warnings())
                .containsExactly("the environment variable " + variable + " has no meaning: unset it, or did you mean "
                        + meant + "?");
    }

    private static ServiceConfig load(Map<String, String> environment) {
        return ServiceConfig.load(Optional.empty(), environment, Map.of());
    }

    private static List<String> problems(
            Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class, () -> ServiceConfig.load(file, environment, overrides));
        assertThat(refusal).isNotNull();
        return refusal.problems();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("my.conf"), content);
    }
}
