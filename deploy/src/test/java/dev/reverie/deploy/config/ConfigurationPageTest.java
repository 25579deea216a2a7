package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import dev.reverie.deploy.GeneratedDocPage;
import java.io.IOException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The page of configuration keys")
class ConfigurationPageTest {

    private static final String HEAD = "| key | environment variable | default | meaning |\n|---|---|---|---|\n";

    private static final String ROOT = "reverie";

    @Test
    @DisplayName("has every key of the default file; -Dreverie.docs.write=true makes this test write it")
    void complete() throws IOException {
        Config defaults = ConfigFactory.parseResources(ServiceConfig.class, "service.conf")
                .resolve(ConfigResolveOptions.noSystem());

        GeneratedDocPage.assertUpToDate("configuration.md", page(defaults));
    }

    private static String page(Config defaults) {
        return """
                # Configuration of a service

                This page lists all settings of `reverie serve`. %s
                The sources of a setting are, in order of precedence: command-line options, environment variables, the file given by `--config` (HOCON or JSON; it needs only the keys whose values differ from the defaults), and the defaults on this page. If a file sets a key several times, the last value counts. Durations have a unit (`500 ms`, `60 s`, `2 m`; a bare number means milliseconds), and so do sizes (`64 KiB`, `8 MiB`; a bare number means bytes). An empty string (`""`) means that no value is set.

                `reverie serve --check` prints every key with its value and the source of the value, and reports mistakes. `--check` does not print the password.

                A running service reloads the log level, the tokens and the certificate when their files change ([Operate](../guides/operate.md#reload)). All other settings take effect when the service starts.

                Some environment variables have no configuration key: `REVERIE_JAVA_OPTS` (options for Java, for example `-Xmx4g`), `REVERIE_LOG_FORMAT` (`text` or `json`), `REVERIE_DATA` (the folder of the datasets and of [resized images](datasets.md#photographs)), `REVERIE_GPU_WORKERS`, `REVERIE_TF32` and `REVERIE_BF16` ([engines](../guides/operate.md#engines-and-gpus)) and, in a container only, `REVERIE_STORE_POSTGRES_PASSWORD_FILE` (a file with the password of the database). The service warns about any other variable that begins with `REVERIE_`, or whose name differs from a known one in at most two characters, and about system properties that begin with `reverie.` (`-Dreverie.http.port=9000`), which set nothing; `--check` reports both as mistakes.

                %s""".formatted(
                        GeneratedDocPage.origin("deploy", ConfigurationPageTest.class),
                        inOrder(defaults.getObject(ROOT))
                                .map(entry -> section(ROOT + "." + entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining("\n")));
    }

    private static String section(String path, ConfigValue value) {
        return value instanceof ConfigObject section
                ? "## " + path + "\n\n" + comment(section.origin()) + "\n\n" + HEAD + rows(path, section)
                : "## " + path + "\n\n" + HEAD + row(path, value);
    }

    /** Renders the rows of a section; a nested section keeps its place in the file, headed by its comment. */
    private static String rows(String path, ConfigObject section) {
        return inOrder(section)
                .map(entry -> row(path + "." + entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String row(String key, ConfigValue value) {
        if (value instanceof ConfigObject section) {
            return "| `%s` | | | *%s* |%n".formatted(key, GeneratedDocPage.cell(comment(section.origin())))
                    + rows(key, section);
        }
        return "| `%s` | `%s` | `%s` | %s |%n"
                .formatted(
                        key,
                        key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
                        value.unwrapped().equals("") ? "\"\"" : value.unwrapped(),
                        GeneratedDocPage.cell(comment(value.origin())));
    }

    private static String comment(ConfigOrigin origin) {
        return origin.comments().stream().map(String::strip).collect(Collectors.joining(" "));
    }

    private static Stream<Map.Entry<String, ConfigValue>> inOrder(ConfigObject section) {
        return section.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> entry.getValue().origin().lineNumber()));
    }
}
