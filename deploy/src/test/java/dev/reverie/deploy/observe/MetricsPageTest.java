package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.observe.ServiceExposition.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reference page of metrics")
class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");
    private static final List<String> UNITS = List.of("seconds", "bytes", "ratio");
    /** Exists only after the first garbage collection. */
    private static final String AFTER_FIRST_COLLECTION = "jvm_memory_pool_allocated_bytes_total";

    @Test
    @DisplayName("has every metric of a service; -Dreverie.metrics.write=true makes this test write it")
    void complete(@TempDir Path folder) throws Exception {
        String page = page(ServiceExposition.families(folder));

        if (Boolean.getBoolean("reverie.metrics.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
    }

    private static String page(NavigableMap<String, Family> families) {
        return """
                # Metrics of a service

                What `/metrics` has, generated from the code. After a change write it anew:

                ```sh
                mvn -pl deploy -am test -Dtest=MetricsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.metrics.write=true
                ```

                Counters count since the process began, unless they say otherwise. Up to `reverie.metrics.max-class-series` classes have a `class` of their own. Where there are more, those with the worst matching loss have one, dealt anew every ten minutes, and the rest share `__other__`, which has their sum, their mean (of losses and ratios) or the earliest time among them. A histogram has `_bucket`, `_sum` and `_count`. What to alert on is in [runbooks](runbooks/README.md); dashboards for Grafana are in [monitoring](../monitoring/src/main/grafana).

                There are no exemplars: nothing is traced, so there is no trace that one could lead to; the log and `/v1/events` name class and loop.

                A run with `--metrics-port` has those of learning, of classes and of kernels, too. What all of it costs is in [performance](performance.md#what-metrics-cost).

                ## Reverie's own

                %s
                ## Of the process and its JVM

                From the Prometheus client, on Linux. With the first collection of garbage comes `%s{pool}`.

                %s""".formatted(
                        table(families, name -> name.startsWith("reverie_")),
                        AFTER_FIRST_COLLECTION,
                        table(families, name -> !name.startsWith("reverie_") && !name.equals(AFTER_FIRST_COLLECTION)));
    }

    private static String table(NavigableMap<String, Family> families, Predicate<String> chosen) {
        Stream<String> rows = families.entrySet().stream()
                .filter(entry -> chosen.test(entry.getKey()))
                .map(MetricsPageTest::row);
        return Stream.concat(Stream.of("| name | type | unit | labels | meaning |", "|---|---|---|---|---|"), rows)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(Map.Entry<String, Family> metric) {
        Family family = metric.getValue();
        String labels = family.labels().stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(metric.getKey(), family.type(), unit(metric.getKey()), labels, family.help());
    }

    /** Returns the unit, which Prometheus requires in the name. */
    private static String unit(String name) {
        String base = name.replaceFirst("_total$", "");
        return UNITS.stream()
                .filter(unit -> base.endsWith("_" + unit))
                .findFirst()
                .orElse("");
    }
}
