package dev.reverie.deploy.replay;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.ManualCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replays a small folder of images to a service in this process. Only the pauses of a replay take time. */
@Timeout(60)
abstract class AbstractReplayTest {

    static final int ALL = TinyImageFolder.LOWER + TinyImageFolder.UPPER;
    static final int BATCH = 10;

    final TestService service = TestService.start();
    final ReverieClient client = service.client();
    final ManualCancellation cancellation = new ManualCancellation();
    Dataset dataset;
    ReplaySource.Pictures pictures;

    @BeforeEach
    void load(@TempDir Path folder) throws IOException {
        String name = TinyImageFolder.writeTo(folder);
        dataset = Datasets.load(name, Optional.empty());
        pictures = new ReplaySource.Pictures(
                Datasets.folder(name, new DatasetOptions(Optional.empty(), Optional.empty(), List.of()))
                        .files(LoadProgress.NONE),
                false);
    }

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    static DeliveryOutcome deferred(DeliveryOutcome.Cause cause, int seconds) {
        return new DeliveryOutcome.Deferred(
                cause, "too many bytes are waiting to be stored", Duration.ofSeconds(seconds));
    }

    ReplayReport replay(ClassOrder order) {
        return replay(plan(order, Optional.empty()), ProgressView.none());
    }

    ReplayReport replay(ReplayPlan plan, ProgressView view) {
        return new Replay(client, plan, cancellation, cancellation, view).run();
    }

    ReplayPlan plan(ClassOrder order, Optional<Double> rate) {
        return plan(ReplaySource.Arrays.of(dataset), order, rate);
    }

    ReplayPlan plan(ReplaySource source, ClassOrder order, Optional<Double> rate) {
        return new ReplayPlan(source, order.stream(source, Integer.MAX_VALUE, 1), BATCH, rate);
    }
}
