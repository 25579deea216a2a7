package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.monitoring.MetricsExposition;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of engines and GPUs")
class EngineMetricsTest {

    private static final GpuTelemetry CARD_WITHOUT_POWER = new GpuTelemetry(
            1,
            OptionalDouble.of(0),
            OptionalLong.of(512),
            OptionalLong.of(4096),
            OptionalDouble.of(30),
            OptionalDouble.empty());

    private final MetricsExposition metrics = new MetricsExposition();
    private final FakeEngines engines = new FakeEngines();

    @BeforeEach
    void register() {
        EngineMetrics.register(new MetricRegistrar(metrics.registry()), engines);
    }

    @Test
    @DisplayName("show the time in each kernel")
    void kernels() {
        assertThat(Scrape.text(metrics)).contains("reverie_kernel_seconds_total{kernel=\"convolve\"} 1.5");
    }

    @Test
    @DisplayName("show the limit of a batch and how often it was lowered, when the engine computes on a GPU")
    void limit() {
        String onCpu = Scrape.text(metrics);

        engines.batchLimit = OptionalLong.of(128);
        engines.batchHalvings = OptionalLong.of(2);

        assertThat(onCpu).contains("jvm_memory_used_bytes").doesNotContain("reverie_gpu");
        assertThat(Scrape.text(metrics))
                .contains("reverie_gpu_batch_limit_images 128.0", "reverie_gpu_batch_halvings_total 2.0");
    }

    @Test
    @DisplayName("show the state of each card, without the values that it does not report")
    void cards() {
        engines.gpus = List.of(FakeEngines.CARD, CARD_WITHOUT_POWER);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_gpu_utilization_ratio{gpu=\"0\"} 0.75",
                        "reverie_gpu_utilization_ratio{gpu=\"1\"} 0.0",
                        "reverie_gpu_memory_used_bytes{gpu=\"0\"} 1024.0",
                        "reverie_gpu_memory_bytes{gpu=\"0\"} 4096.0",
                        "reverie_gpu_temperature_celsius{gpu=\"1\"} 30.0",
                        "reverie_gpu_power_watts{gpu=\"0\"} 300.5")
                .doesNotContain("reverie_gpu_power_watts{gpu=\"1\"}");
    }

    @Test
    @DisplayName("appear when the engine has opened a GPU, and disappear when the driver no longer answers")
    void appearance() {
        assertThat(Scrape.text(metrics)).doesNotContain("reverie_gpu");

        engines.gpus = List.of(FakeEngines.CARD);
        String present = Scrape.text(metrics);
        engines.gpus = List.of();

        assertThat(present).contains("reverie_gpu_temperature_celsius{gpu=\"0\"} 41.0");
        assertThat(Scrape.text(metrics)).contains("jvm_memory_used_bytes").doesNotContain("reverie_gpu");
    }

    @Test
    @DisplayName("ask the driver once for each scrape")
    void once() {
        int before = engines.questions;

        Scrape.text(metrics);

        assertThat(engines.questions).isEqualTo(before + 1);
    }
}
