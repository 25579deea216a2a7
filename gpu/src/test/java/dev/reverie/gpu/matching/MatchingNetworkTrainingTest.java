package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.Checksum;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In a matching engine,")
class MatchingNetworkTrainingTest extends AbstractMatchingEngineTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);

    private static final class UnreadableSource implements Image.Source {

        @Override
        public byte[] levels() {
            throw new DatasetException("1.png is damaged: replace or remove it");
        }

        @Override
        public void addTo(Checksum checksum) {}
    }

    @Test
    @DisplayName("training on separable images lowers the cross-entropy")
    void trainingLearns() {
        try (MatchingEngine engine = engine("color_crop")) {
            List<List<LabelledImage>> batches = Collections.nCopies(30, labelled(SHAPE, 30));

            double first = engine.train(new TrainMatchingNetworkTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();
            engine.train(new TrainMatchingNetworkTask(NETWORK, batches, DRAW));
            double last = engine.train(new TrainMatchingNetworkTask(NETWORK, batches.subList(0, 1), DRAW))
                    .loss();

            assertThat(last).isLessThan(0.8 * first);
        }
    }

    @Test
    @DisplayName("a step with a fifth of the learning rate moves the weights a fifth as far")
    void scalesTheRate() {
        List<List<LabelledImage>> batch = List.of(labelled(SHAPE, 30));
        try (MatchingEngine full = engine("none");
                MatchingEngine reduced = engine("none")) {
            float before = full.network(NETWORK).parameters().getFirst()[0];

            full.train(new TrainMatchingNetworkTask(NETWORK, batch, DRAW));
            reduced.train(new TrainMatchingNetworkTask(NETWORK, batch, DRAW, 0.2));

            float far = full.network(NETWORK).parameters().getFirst()[0] - before;
            float near = reduced.network(NETWORK).parameters().getFirst()[0] - before;
            assertThat(far).isNotZero();
            assertThat(near).isCloseTo(0.2f * far, withPercentage(1));
        }
    }

    @Test
    @DisplayName("a training ends at the step before which it is cancelled")
    void cancelledTraining() {
        AtomicInteger steps = new AtomicInteger();
        try (MatchingEngine engine = engine("color_crop")) {
            engine.beforeEachStep(() -> {
                if (steps.incrementAndGet() == 3) {
                    throw new CancellationException("cancelled");
                }
            });
            List<List<LabelledImage>> batches = Collections.nCopies(30, labelled(SHAPE, 30));

            assertThatThrownBy(() -> engine.train(new TrainMatchingNetworkTask(NETWORK, batches, DRAW)))
                    .isInstanceOf(CancellationException.class);
            assertThat(steps).hasValue(3);
        }
    }

    @Test
    @DisplayName("a training with an image that cannot be read leaves the network as it was, so it can be repeated")
    void unreadableImage() {
        List<LabelledImage> readable = labelled(SHAPE, 30);
        Image unreadable = Image.onDemand(SHAPE, new UnreadableSource());
        List<List<LabelledImage>> batches = List.of(readable, List.of(new LabelledImage(unreadable, 0)));
        try (MatchingEngine engine = engine("color_crop")) {
            engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(readable), DRAW));
            NetworkState before = engine.network(NETWORK);

            assertThatThrownBy(() -> engine.train(new TrainMatchingNetworkTask(NETWORK, batches, DRAW)))
                    .isInstanceOf(DatasetException.class);

            assertThat(engine.network(NETWORK)).usingRecursiveComparison().isEqualTo(before);
        }
    }

    @Test
    @DisplayName("a training of a drawn network trains one network of the pool, and every network eventually")
    void trainsDrawnNetworks() {
        DistillationSettings one = settings(GradientDistance.MSE, 2, 2, "none");
        DistillationSettings queued = one.withNetwork(one.network().withPool(3).withVariation(NetworkVariation.QUEUED));
        List<List<LabelledImage>> batches = List.of(labelled(SHAPE, 30));
        try (MatchingEngine engine = MatchingEngine.open(queued, SHAPE, normalisation(1))) {
            IntStream.range(0, 3).forEach(outer -> engine.network(new NetworkId(outer, CLASSES)));

            for (long seed = 0; seed < 20; seed++) {
                List<NetworkState> before = engine.networks();

                engine.train(new TrainMatchingNetworkTask(new NetworkId(2, CLASSES), batches, seed, 1, true));

                List<NetworkState> after = engine.networks();
                assertThat(IntStream.range(0, 3)
                                .filter(i -> !Arrays.equals(
                                        before.get(i).parameters().getFirst(),
                                        after.get(i).parameters().getFirst()))
                                .count())
                        .isOne();
            }
            assertThat(engine.networks())
                    .allSatisfy(state ->
                            assertThat(state.accuracy()).isGreaterThan(0).isLessThanOrEqualTo(1));
        }
    }

    @Test
    @DisplayName("a training of a copy leaves the network as it was until it adopts the same state as by a training")
    void trainsACopy() {
        TrainMatchingNetworkTask task =
                new TrainMatchingNetworkTask(NETWORK, Collections.nCopies(3, labelled(SHAPE, 30)), DRAW);
        try (MatchingEngine inPlace = engine("color_crop");
                MatchingEngine byCopy = engine("color_crop")) {
            double loss = inPlace.train(task).loss();
            NetworkState before = byCopy.network(NETWORK);

            TrainedNetwork trained = byCopy.trainCopy(task);

            assertThat(trained.loss()).isEqualTo(loss);
            assertThat(byCopy.network(NETWORK)).usingRecursiveComparison().isEqualTo(before);

            byCopy.adopt(task, trained.state());

            assertThat(byCopy.networks()).usingRecursiveComparison().isEqualTo(inPlace.networks());
            assertThat(byCopy.train(task)).isEqualTo(inPlace.train(task));
        }
    }

    @Test
    @DisplayName("a network that was saved and restored continues identically")
    void restoredNetworkGoesOn() {
        TrainMatchingNetworkTask first = new TrainMatchingNetworkTask(NETWORK, List.of(labelled(SHAPE, 30)), 1);
        MatchTask then =
                new MatchTask(NETWORK, 2, images(SHAPE, 10), ImageBatch.of(SHAPE, values(2 * SHAPE.size())), 2);
        try (MatchingEngine original = engine("color_crop");
                MatchingEngine restored = engine("color_crop")) {
            original.train(first);

            restored.restore(original.networks());

            assertThat(restored.train(first)).isEqualTo(original.train(first));
            assertThat(restored.match(then).gradient().toArray())
                    .isEqualTo(original.match(then).gradient().toArray());
        }
    }

    @Test
    @DisplayName("a class that joins enlarges the classifier and changes nothing else")
    void classifierGrows() {
        try (MatchingEngine engine = engine("none")) {
            engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled(SHAPE, 30)), DRAW));
            List<float[]> before = engine.networks().getLast().parameters();

            engine.select(
                    new SelectTask(new NetworkId(0, CLASSES + 1), SelectionRule.K_MEANS, images(SHAPE, 10), 2, DRAW));

            List<float[]> after = engine.networks().getLast().parameters();
            for (int i = 0; i < before.size() - 2; i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
            assertThat(after.get(before.size() - 2)).startsWith(before.get(before.size() - 2));
            assertThat(after.getLast()).hasSize(CLASSES + 1).startsWith(before.getLast());
        }
    }

    private static MatchingEngine engine(String augmentation) {
        return MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, augmentation), SHAPE, normalisation(1));
    }
}
