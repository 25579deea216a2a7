package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of the batches on a GPU")
class EngineMetricsTest {

    @Test
    @DisplayName("show the limit and how often it was lowered, when the engine computes on a GPU")
    void limit() {
        MetricsExposition metrics = new MetricsExposition();
        AtomicReference<OptionalLong> limit = new AtomicReference<>(OptionalLong.empty());
        AtomicReference<OptionalLong> halvings = new AtomicReference<>(OptionalLong.empty());
        EngineMetrics.ofBatches(metrics.registry(), limit::get, halvings::get);
        String onCpu = scrape(metrics);

        limit.set(OptionalLong.of(128));
        halvings.set(OptionalLong.of(2));

        assertThat(onCpu).contains("jvm_memory_used_bytes").doesNotContain("reverie_gpu");
        assertThat(scrape(metrics))
                .contains("reverie_gpu_batch_limit_images 128.0", "reverie_gpu_batch_halvings_total 2.0");
    }

    private static String scrape(MetricsExposition metrics) {
        return new String(metrics.page(Optional.empty()).content(), StandardCharsets.UTF_8);
    }
}
