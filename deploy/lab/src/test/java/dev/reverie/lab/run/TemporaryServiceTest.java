package dev.reverie.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The service of an experiment")
class TemporaryServiceTest {

    private static final int TOTAL = 6;
    private static final DistillationSettings SETTINGS =
            Presets.quick("stream", new ImageShape(1, 8, 8), Method.DM, TOTAL, 1, 0);

    @Test
    @DisplayName("divides its total among the classes")
    void total(@TempDir Path store) throws Exception {
        BlockingQueue<Integer> stored = new LinkedBlockingQueue<>();
        try (TemporaryService service = TemporaryService.inThisProcess(
                                (settings, shape, normalisation) ->
                                        counting(MatchingEngine.open(settings, shape, normalisation), stored),
                                InstantSource.system(),
                                System::nanoTime)
                        .start(SETTINGS, Map.of("reverie.memory.total-images", Integer.toString(TOTAL)), store);
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            client.deliver(RandomSamples.of(0, 256, List.of("even", "odd")));

            assertThat(stored.poll(60, TimeUnit.SECONDS)).isEqualTo(TOTAL / 2);
        }
    }

    /** Records how many images a class stores in each class step. */
    private static DistillationEngine counting(DistillationEngine engine, BlockingQueue<Integer> stored) {
        return WatchedCalls.before(DistillationEngine.class, engine, (_, arguments) -> arguments.stream()
                .filter(MatchTask.class::isInstance)
                .forEach(task -> stored.add(((MatchTask) task).synthetic().count())));
    }
}
