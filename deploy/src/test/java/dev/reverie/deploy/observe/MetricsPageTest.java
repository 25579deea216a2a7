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
    private static final List<String> UNITS = List.of("seconds", "bytes", "ratio", "celsius", "watts");
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

                This page lists all metrics that a service serves at `/metrics`. This page is generated from the code. To regenerate it:

                ```sh
                mvn -pl deploy -am test -Dtest=MetricsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.metrics.write=true
                ```

                Counters start at 0 when the process starts, unless their description says otherwise. Up to `reverie.metrics.max-class-series` classes have their own series. If a service has more classes than `reverie.metrics.max-class-series`, only those with the highest matching loss, chosen every ten minutes, have their own series. The other classes share `class=" others"` (no label begins with a space), a series with the sum of their values, the mean of their losses and ratios, or the earliest of their times. A histogram consists of `_bucket`, `_sum` and `_count`. The alerts are explained in the [runbooks](../runbooks/README.md); dashboards for Grafana are in [monitoring](../../monitoring/src/main/grafana).

                The metrics have no exemplars, because the service records no traces. The log and `/v1/events` name the class and the loop.

                A `distill` run with `--metrics-port` serves the metrics of learning, classes, kernels and GPUs. For the cost of the metrics, see [performance](../explanation/performance.md#what-metrics-cost).

                If the engine computes on an NVIDIA GPU, the metrics `reverie_gpu_batch_*` show how many images the engine computes at once, and the other metrics `reverie_gpu_*` the state of all GPUs that the driver shows to the process, whatever `CUDA_VISIBLE_DEVICES` says and whichever processes use them. Each scrape reads them from the library `libnvidia-ml.so.1`, which NVIDIA's driver for Linux contains. `gpu` is the number of the GPU in `nvidia-smi`. A value that the driver does not report is missing, for example the utilisation of a GPU that is divided by MIG. On an H100, the readings equalled those of `nvidia-smi`, which does not count the memory that the driver reserves (480 MiB).

                ## Metrics of Reverie

                %s
                ## Metrics of the process and its JVM

                On Linux, the Prometheus client provides these metrics. `%s{pool}` appears after the first garbage collection.

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
