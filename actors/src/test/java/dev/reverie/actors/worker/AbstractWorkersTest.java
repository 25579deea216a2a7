package dev.reverie.actors.worker;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AutoClose;

/** Two workers whose engines are played by a test. */
abstract class AbstractWorkersTest {

    static final Duration MINUTE = Duration.ofMinutes(1);
    static final NetworkId NETWORK = new NetworkId(0, 2);
    static final ClassifyTask CLASSIFICATION =
            new ClassifyTask(NETWORK, ImageBatch.of(new ImageShape(1, 1, 1), new float[] {0.5F}));
    static final TrainMatchingNetworkTask TRAINING = new TrainMatchingNetworkTask(NETWORK, List.of(), 0);
    static final GuidanceTask GUIDANCE = new GuidanceTask(NETWORK, List.of(), List.of());
    static final ClassifyOutcome CLASSIFIED = new ClassifyOutcome(List.of(List.of(1.0, 0.0)));
    static final List<NetworkState> NETWORKS =
            List.of(new NetworkState(NETWORK, List.of(new float[] {1}), List.of(new float[] {0})));
    static final TrainedNetwork TRAINED = new TrainedNetwork(0.5, NETWORKS.getFirst());
    static final TrainMatchingNetworkOutcome OUTCOME = new TrainMatchingNetworkOutcome(0.5);

    @AutoClose("shutdownTestKit")
    final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    final PlayedWorker first = new PlayedWorker(testKit);
    final PlayedWorker second = new PlayedWorker(testKit);
    final ManualClock clock = new ManualClock();
    final WorkerPool workers = new WorkerPool(List.of(first.ref(), second.ref()), testKit.scheduler(), clock);

    static <T> WorkerReply.Completed<T> completed(T outcome) {
        return new WorkerReply.Completed<>(outcome, 0);
    }
}
