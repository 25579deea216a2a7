package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.http.HttpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The configuration of a service")
class ServiceConfigTest extends AbstractServiceConfigTest {

    ServiceConfigTest(@TempDir Path folder) {
        super(folder);
    }

    @Test
    @DisplayName("takes an IPv6 address with or without brackets")
    void ipv6() {
        for (String host : List.of("[::1]", "::1")) {
            assertThat(load(Map.of("REVERIE_HTTP_HOST", host)).http().host()).isEqualTo("::1");
        }
    }

    @Nested
    @DisplayName("without a file")
    class Defaults {

        private final ServiceConfig config = load(Map.of());

        @Test
        @DisplayName("has the default limits of the parts")
        void limits() {
            assertThat(config.http()).isEqualTo(HttpSettings.on(8080));
            assertThat(config.http().limits()).isEqualTo(IngestLimits.defaults());
            assertThat(config.intake()).isEqualTo(IntakeLimits.DEFAULT);
        }

        @ParameterizedTest(name = "images of {0}x{1}x{2}, {3} per class")
        @CsvSource({"1, 28, 28, 10, 1", "3, 32, 32, 1, 2", "3, 64, 64, 50, 2", "3, 32, 65, 1, 1"})
        @DisplayName("learns like the quick preset of dm with the factor of the store, from k-means representatives")
        void learning(int channels, int height, int width, int ipc, int factor) {
            ImageShape shape = new ImageShape(channels, height, width);

            assertThat(config.learning().settings(shape, ipc, factor))
                    .isEqualTo(Presets.stream("a stream", shape, Method.DM, ipc, factor, 0)
                            .withComposition(Method.DM
                                    .composition()
                                    .with(Initialiser.K_MEANS)
                                    .with(SelectionRule.STRATIFIED)));
        }

        @ParameterizedTest
        @EnumSource(names = {"DREAM", "DREAM_PLUS", "IDC", "DANCE", "DM", "DSA", "DC", "TILE"})
        @DisplayName("learns by any other method like its preset for streams")
        void otherMethods(Method method) throws IOException {
            ImageShape shape = new ImageShape(1, 28, 28);

            ServiceConfig other = ServiceConfig.load(
                    Optional.empty(),
                    Map.of(),
                    Map.of("reverie.learning.method", method.label(), "reverie.learning.init", "auto"));

            assertThat(other.learning().settings(shape, 10, Presets.defaultFactor(method)))
                    .isEqualTo(Presets.stream("a stream", shape, method, 10, Presets.defaultFactor(method), 0));
        }

        @Test
        @DisplayName("starts from other images on request")
        void start() {
            ServiceConfig idc = load(Map.of("REVERIE_LEARNING_METHOD", "idc", "REVERIE_LEARNING_INIT", "noise"));

            assertThat(idc.learning().settings(new ImageShape(1, 28, 28), 10, 2).composition())
                    .isEqualTo(Method.IDC.composition().with(Initialiser.NOISE));
        }

        @Test
        @DisplayName("matches no real images by tile, so no rule can choose them")
        void selectionOfTile() {
            assertThatThrownBy(() ->
                            load(Map.of("REVERIE_LEARNING_METHOD", "tile", "REVERIE_LEARNING_SELECTION", "stratified")))
                    .hasMessageContaining("reverie.learning.selection")
                    .hasMessageContaining("must be auto with method = tile");
        }

        @Test
        @DisplayName("listens on the loopback address without TLS, and reads no topic and no folder")
        void quiet() {
            assertThat(config.http().host()).isEqualTo("127.0.0.1");
            assertThat(config.access().tls()).isEmpty();
            assertThat(config.kafka()).isEmpty();
            assertThat(config.watch()).isEmpty();
            assertThat(config.store().postgres()).isEmpty();
        }
    }

    @Test
    @DisplayName("lets real images of any age stay by default, and drops older ones than the maximum age on request")
    void maxAge() {
        assertThat(load(Map.of()).intake().maxAge()).isEmpty();
        assertThat(load(Map.of("REVERIE_RESERVOIR_MAX_AGE", "1 h")).intake().maxAge())
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
        assertThat(config.learning().width()).contains(7);
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
        assertThat(load(Map.of()).resizing()).isEmpty();
        assertThat(load(Map.of("REVERIE_INGEST_RESIZE", "64x48")).resizing())
                .contains(new Resizing(new TargetSize(64, 48), Resizing.Fit.CROP));
        assertThat(load(Map.of("REVERIE_INGEST_RESIZE", "64x48", "REVERIE_INGEST_FIT", "pad"))
                        .resizing())
                .contains(new Resizing(new TargetSize(64, 48), Resizing.Fit.PAD));
    }

    @Test
    @DisplayName("passes the properties of a file to the Kafka clients")
    void kafkaProperties() throws IOException {
        Path properties = Files.writeString(folder.resolve("kafka.properties"), "security.protocol=SSL\n# more\n");

        ServiceConfig config =
                load(Map.of("REVERIE_KAFKA_ENABLED", "true", "REVERIE_KAFKA_CLIENT_PROPERTIES", properties.toString()));

        assertThat(config.kafka()).isPresent();
        assertThat(ConfiguredFiles.kafkaProperties(config)).isEqualTo(Map.of("security.protocol", "SSL"));
        Files.delete(properties);
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> ConfiguredFiles.kafkaProperties(config)))
                .hasMessageContaining("kafka.properties cannot be read");
    }

    @Test
    @DisplayName("requires the watched folder to exist, and what is in its place to be a folder")
    void watchedFolder() throws IOException {
        Path watched = Files.createDirectory(folder.resolve("incoming"));
        FolderSettings watch =
                load(Map.of("REVERIE_WATCH_FOLDER", watched.toString())).watch().orElseThrow();

        assertThatCode(() -> ConfiguredFiles.requireFolder(watch)).doesNotThrowAnyException();
        Files.delete(watched);
        assertThatThrownBy(() -> ConfiguredFiles.requireFolder(watch))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is no folder " + watched + ": mount its drive, create it");
        Files.createFile(watched);
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> ConfiguredFiles.requireFolder(watch)))
                .hasMessageContaining("incoming is not a readable folder: correct its path");
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

    @ParameterizedTest
    @DisplayName("accepts variables that set something other than the service")
    @ValueSource(strings = {"REVERIE_DATA", "REVERIE_JAVA_OPTS", "REVERIE_TEST_PROGRAMS", "REVERIE_TEST_URL"})
    void withoutKey(String variable) {
        assertThat(load(Map.of(variable, "x")).warnings()).isEmpty();
    }
}
