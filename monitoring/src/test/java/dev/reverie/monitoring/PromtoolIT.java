package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.IngestSource;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Promtool")
class PromtoolIT {

    @Test
    @DisplayName("finds no fault with the metrics of a run")
    void run() throws Exception {
        try (MetricsServer server = MetricsServer.start(0, (_, _) -> Optional.empty())) {
            DistillationMetrics metrics = new DistillationMetrics(server.registry(), InstantSource.system());
            metrics.on(Events.started());
            Events.twoClassesJoin().forEach(metrics::on);
            Events.innerLoop(0, 0).forEach(metrics::on);

            requireAccepted(Scrape.of(server, "/metrics", Scrape.TEXT).body());
        }
    }

    @Test
    @DisplayName("finds no fault with the metrics of an empty or filled service")
    void service() throws Exception {
        for (MemorySnapshot snapshot : List.of(MemorySnapshot.EMPTY, Snapshots.ofThreeClasses())) {
            MetricsExposition metrics = new MetricsExposition();
            LearningMetrics learning = new LearningMetrics(metrics.registry(), InstantSource.system());
            learning.on(Events.started());
            Events.innerLoop(0, 0).forEach(learning::on);
            new IngestMetrics(metrics.registry(), List.of("overloaded")).refused(IngestSource.HTTP, "image-invalid", 1);
            MemoryMetrics.register(metrics.registry(), () -> snapshot, 2, InstantSource.system());
            FakeEngines engines = new FakeEngines();
            engines.gpus = List.of(FakeEngines.CARD);
            engines.batchLimit = OptionalLong.of(512);
            engines.batchHalvings = OptionalLong.of(0);
            EngineMetrics.register(
                    metrics.registry(),
                    engines::kernelSeconds,
                    engines::gpus,
                    engines::batchLimit,
                    engines::batchHalvings);
            IngestMetrics.ofHttp(metrics.registry(), () -> 0);
            IngestMetrics.ofKafka(metrics.registry(), () -> 0);
            ResourceMetrics.ofProcess(metrics.registry());
            ResourceMetrics.ofStore(metrics.registry(), Path.of("src"));

            requireAccepted(Scrape.text(metrics));
        }
    }

    private static void requireAccepted(String exposition) throws Exception {
        assertThat(Promtool.run(exposition, "check", "metrics")).isEqualTo(new Promtool.Result(0, ""));
    }
}
