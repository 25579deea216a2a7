package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Each configuration key")
class ConfigKeysTest extends AbstractServiceConfigTest {

    private static final Config DEFAULTS = ConfigFactory.parseResources(ServiceConfig.class, "service.conf")
            .resolve(com.typesafe.config.ConfigResolveOptions.noSystem());

    /** Configures every part, so that each key has an effect. */
    private static final Map<String, String> EVERYTHING = Map.ofEntries(
            Map.entry("REVERIE_STORE_POSTGRES_URL", "jdbc:postgresql://db/reverie"),
            Map.entry("REVERIE_CLUSTER_ENABLED", "true"),
            Map.entry("REVERIE_CLUSTER_SEEDS", "one:17355"),
            Map.entry("REVERIE_CLUSTER_MEMBERS", "3"),
            Map.entry("REVERIE_CLUSTER_TLS_CERTIFICATE", "node.pem"),
            Map.entry("REVERIE_CLUSTER_TLS_KEY", "node-key.pem"),
            Map.entry("REVERIE_CLUSTER_TLS_AUTHORITY", "authority.pem"),
            Map.entry("REVERIE_HTTP_TLS_CERTIFICATE", "certificate.pem"),
            Map.entry("REVERIE_HTTP_TLS_KEY", "key.pem"),
            Map.entry("REVERIE_INGEST_RESIZE", "32x32"),
            Map.entry("REVERIE_KAFKA_ENABLED", "true"),
            Map.entry("REVERIE_WATCH_FOLDER", "in"));

    ConfigKeysTest(@TempDir Path folder) {
        super(folder);
    }

    static List<String> keys() {
        return DEFAULTS.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    @DisplayName("is explained by a comment in the default file")
    void comments(String key) {
        assertThat(comment(key)).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("keys")
    @DisplayName("takes its value from its environment variable rather than from the file")
    void environment(String key) throws IOException {
        Map<String, String> changed = new HashMap<>(EVERYTHING);
        changed.put(variable(key), another(key));
        Path file = file(key + " = " + DEFAULTS.getValue(key).render());

        ServiceConfig config = ServiceConfig.load(Optional.of(file), changed, Map.of());

        assertThat(config.effective())
                .contains(new ServiceConfig.Setting(
                        key,
                        key.endsWith("password") ? "(hidden)" : another(key),
                        "environment variable " + variable(key)));
        assertThat(values(config)).isNotEqualTo(values(load(EVERYTHING)));
    }

    @Test
    @DisplayName("is refused with the same range of values as in its comment")
    void documentedRanges() {
        Map<String, String> nonsense = keys().stream().collect(Collectors.toMap(ConfigKeysTest::variable, _ -> "?"));
        Pattern form = Pattern.compile("(\\S+) is '.*it must be (?:a [a-z ]+, |one of )?(.*)");

        List<Matcher> refusals = problems(Optional.empty(), nonsense, Map.of()).stream()
                .map(form::matcher)
                .filter(Matcher::matches)
                .filter(refusal -> !refusal.group(1).contains("postgres")
                        && !refusal.group(1).contains("topic"))
                .toList();

        assertThat(refusals).hasSizeGreaterThan(50);
        assertThat(refusals).allSatisfy(refusal -> assertThat(comment(refusal.group(1)))
                .as(refusal.group(1))
                .contains(refusal.group(2)));
    }

    private static String comment(String key) {
        return DEFAULTS.getValue(key).origin().comments().stream()
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Returns an allowed value other than the default. */
    private static String another(String key) {
        Object value = DEFAULTS.getAnyRef(key);
        Matcher measure = Pattern.compile("(\\d+) (\\w+)").matcher(value.toString());
        return switch (value) {
            case Boolean flag -> String.valueOf(!EVERYTHING.containsKey(variable(key)) && !flag);
            case Integer _ when key.endsWith(".bits") -> "4";
            case Integer number -> String.valueOf(number + 1);
            case Number number ->
                new BigDecimal(number.toString())
                        .multiply(new BigDecimal("0.9"))
                        .toString();
            case String _ when key.endsWith(".unpacked") -> "63 MiB"; // more would not fit into bytes-in-hand
            case String _ when measure.matches() -> Integer.parseInt(measure.group(1)) + 1 + " " + measure.group(2);
            default ->
                switch (key.substring(key.lastIndexOf('.') + 1)) {
                    case "engine" -> "torch";
                    case "method" -> "idc";
                    case "learning-rate" -> "0.5";
                    case "init", "selection" -> "boundary";
                    case "refresh-share" -> "0.5";
                    case "factor", "width", "inner-loops", "representatives", "candidates", "network-samples" -> "7";
                    case "after" -> "delete";
                    case "coding" -> "png";
                    case "channels" -> "grey";
                    case "body" -> "40 MiB";
                    case "line" -> "3 MiB";
                    case "flush" -> "second";
                    case "level" -> "debug";
                    case "url" -> "jdbc:postgresql://other/reverie";
                    case "resize" -> "64x48";
                    case "fit" -> "pad";
                    case "seeds" -> "two:17355";
                    default -> "other";
                };
        };
    }

    private static List<Object> values(ServiceConfig config) {
        return Stream.<Object>of(
                        config.engine(),
                        config.store(),
                        config.cluster(),
                        config.http(),
                        config.access(),
                        config.learning(),
                        config.budget(),
                        config.resizing(),
                        config.channels(),
                        config.intake(),
                        config.evaluation(),
                        config.kafka(),
                        config.kafkaProperties(),
                        config.watch(),
                        config.metricsPort(),
                        config.maxClassSeries(),
                        config.logLevel())
                .toList();
    }
}
