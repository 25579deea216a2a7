package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration of a service is rejected")
class RefusedServiceConfigTest extends AbstractServiceConfigTest {

    RefusedServiceConfigTest(@TempDir Path folder) {
        super(folder);
    }

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
                        + " B to 1 GiB, or auto",
                "reverie.limits.label-length = 513 | reverie.limits.label-length is '513' (MY.CONF: 1): it must be a"
                        + " whole number, 1 to 512",
                "reverie.learning.drift = NaN  | reverie.learning.drift is 'NaN' (MY.CONF: 1): it must be a"
                        + " number, 1.001 to 1000",
                "reverie.learning.method = mtt | reverie.learning.method is 'mtt' (MY.CONF: 1): it must be one of"
                        + " dream, dream-plus, idc, dance, dm, dsa, dc, tile",
                "reverie.learning.method = tgdd | reverie.learning.method is 'tgdd' (MY.CONF: 1): it must be one"
                        + " of dream, dream-plus, idc, dance, dm, dsa, dc, tile",
                "reverie.learning.learning-rate = 0 | reverie.learning.learning-rate is '0' (MY.CONF: 1): it must"
                        + " be a number, greater than 0 and at most 1000, or auto",
                "reverie.memory.coding = gif   | reverie.memory.coding is 'gif' (MY.CONF: 1): it must be one of"
                        + " webp, jpeg, png",
                "reverie.memory.quality = 101  | reverie.memory.quality is '101' (MY.CONF: 1): it must be a whole"
                        + " number, 1 to 100",
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
    @DisplayName("in one sentence if it is nested too deeply")
    void nested() throws IOException {
        Path file = file("a=" + "[".repeat(1_000_000));

        assertThat(problems(Optional.of(file), Map.of(), Map.of()))
                .containsExactly("the configuration " + file + " is nested too deeply: correct its brackets");
    }

    @Test
    @DisplayName("with all mistakes, not only the first")
    void allAtOnce() throws IOException {
        Path file = file("reverie { http.port = x, memory { total-images = 5, total-bytes = 5 }, colour = red }");

        assertThat(problems(Optional.of(file), Map.of("REVERIE_LIMITS_LINE", "0 B"), Map.of("reverie.http.hots", "x")))
                .hasSize(5)
                .anyMatch(problem -> problem.startsWith("reverie.http.port is 'x'"))
                .anyMatch(problem -> problem.contains("set only one of total-images and total-bytes"))
                .anyMatch(problem -> problem.startsWith("unknown key reverie.colour"))
                .anyMatch(problem -> problem.contains("(environment variable REVERIE_LIMITS_LINE)"))
                .anyMatch(problem -> problem.contains("reverie.http.hots (command line)"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "INGEST_RESIZE=64 | reverie.ingest.resize is '64' (environment variable REVERIE_INGEST_RESIZE): it must"
                        + " be WIDTHxHEIGHT, from 1x1 to 1024x1024, or empty",
                "INGEST_RESIZE=3x64 LEARNING_FACTOR=4 | reverie.ingest.resize is '3x64' (environment variable"
                        + " REVERIE_INGEST_RESIZE): each side must have at least 4 pixels, and at least"
                        + " reverie.learning.factor",
                "INGEST_FIT=pad | reverie.ingest.fit is 'pad' (environment variable REVERIE_INGEST_FIT): it only affects"
                        + " reverie.ingest.resize: set that, too, or omit the fit",
                "LEARNING_METHOD=dream LEARNING_STYLE_MOMENTS=180 | reverie.learning.method is 'dream' (environment"
                        + " variable REVERIE_LEARNING_METHOD): it must match features only, as dm and dance do, if"
                        + " reverie.learning.style has a weight above 0",
                "HTTP_PORT=9000 METRICS_PORT=9000 | reverie.metrics.port is '9000' (environment variable"
                        + " REVERIE_METRICS_PORT): choose another port than reverie.http.port, or 0 for metrics on that"
                        + " port",
                // nothing would be logged
                "LOG_FORMAT=JSON | the environment variable REVERIE_LOG_FORMAT is 'JSON': set it to text or json, or"
                        + " unset it",
            })
    @DisplayName("if values do not fit together, with what to do")
    void unfitting(String variables, String problem) {
        Map<String, String> environment = Stream.of(variables.split(" "))
                .map(variable -> variable.split("="))
                .collect(Collectors.toMap(parts -> "REVERIE_" + parts[0], parts -> parts[1]));

        assertThat(problems(Optional.empty(), environment, Map.of())).containsExactly(problem);
    }

    @Test
    @DisplayName("for no other port than that of the API, and no other format of the log")
    void accepted() {
        assertThat(load(Map.of("REVERIE_HTTP_PORT", "0", "REVERIE_METRICS_PORT", "9000"))
                        .metricsPort())
                .hasValue(9000);
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

    @Test
    @DisplayName("if it refers to a variable that is not set")
    void unsetVariable() throws IOException {
        assertThat(problems(Optional.of(file("reverie.http.port = ${REVERIE_UNSET}")), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains(
                        "refers to something that is not set", "REVERIE_UNSET", "set the variable, or write ${?NAME}");
    }
}
