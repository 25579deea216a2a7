package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of the GPUs")
class GpuMetricsTest {

    static final GpuTelemetry CARD = new GpuTelemetry(
            0,
            OptionalDouble.of(0.75),
            OptionalLong.of(1024),
            OptionalLong.of(4096),
            OptionalDouble.of(41),
            OptionalDouble.of(300.5));
    private static final GpuTelemetry CARD_WITHOUT_POWER = new GpuTelemetry(
            1,
            OptionalDouble.of(0),
            OptionalLong.of(512),
            OptionalLong.of(4096),
            OptionalDouble.of(30),
            OptionalDouble.empty());

    private final MetricsExposition metrics = new MetricsExposition();

    @Test
    @DisplayName("show the state of each card")
    void cards() {
        GpuMetrics.register(metrics.registry(), () -> List.of(CARD, CARD_WITHOUT_POWER));

        assertThat(scrape())
                .contains(
                        "reverie_gpu_utilization_ratio{gpu=\"0\"} 0.75",
                        "reverie_gpu_utilization_ratio{gpu=\"1\"} 0.0",
                        "reverie_gpu_memory_used_bytes{gpu=\"0\"} 1024.0",
                        "reverie_gpu_memory_bytes{gpu=\"0\"} 4096.0",
                        "reverie_gpu_temperature_celsius{gpu=\"1\"} 30.0",
                        "reverie_gpu_power_watts{gpu=\"0\"} 300.5");
    }

    @Test
    @DisplayName("leave out a value that a card does not report")
    void withoutPower() {
        GpuMetrics.register(metrics.registry(), () -> List.of(CARD_WITHOUT_POWER));

        assertThat(scrape())
                .contains("reverie_gpu_utilization_ratio{gpu=\"1\"}")
                .doesNotContain("reverie_gpu_power");
    }

    @Test
    @DisplayName("appear when the engine has opened a GPU, and disappear when the driver no longer answers")
    void appearance() {
        AtomicReference<List<GpuTelemetry>> gpus = new AtomicReference<>(List.of());
        GpuMetrics.register(metrics.registry(), gpus::get);
        assertThat(scrape()).doesNotContain("reverie_gpu");

        gpus.set(List.of(CARD));
        String present = scrape();
        gpus.set(List.of());

        assertThat(present).contains("reverie_gpu_temperature_celsius{gpu=\"0\"} 41.0");
        assertThat(scrape()).contains("jvm_memory_used_bytes").doesNotContain("reverie_gpu");
    }

    @Test
    @DisplayName("ask the driver once for each scrape")
    void once() {
        AtomicInteger questions = new AtomicInteger();
        GpuMetrics.register(metrics.registry(), () -> {
            questions.incrementAndGet();
            return List.of(CARD);
        });

        scrape();

        assertThat(questions).hasValue(1);
    }

    private String scrape() {
        return new String(metrics.page(Optional.empty()).content(), StandardCharsets.UTF_8);
    }
}
