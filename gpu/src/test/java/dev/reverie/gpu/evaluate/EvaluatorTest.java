package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.SoftLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("In an evaluation,")
class EvaluatorTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final int CLASSES = 2;

    private final SplittableRandom random = new SplittableRandom(4);

    @Test
    @DisplayName("a network trained on stripes recognises them, and every repeat trains a new network")
    void learnsWhatTheSetShows() {
        List<Integer> epochs = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open()) {
            EvaluationReport report = evaluator.evaluate(
                    set(SHAPE), test(SHAPE), settings(), (repeat, epoch, of, loss) -> epochs.add(epoch));

            assertThat(report.mean()).isGreaterThan(0.9);
            assertThat(report.last()).hasSize(2);
            assertThat(report.best()).allSatisfy(best -> assertThat(best).isBetween(0.9, 1.0));
            assertThat(report.byClass()).hasSize(2).allSatisfy(each -> assertThat(each)
                    .hasSize(CLASSES)
                    .allSatisfy(accuracy -> assertThat(accuracy).isBetween(0.8, 1.0)));
            assertThat(epochs).hasSize(2 * 20).endsWith(20);
        }
    }

    @Test
    @DisplayName("networks learn the teacher's soft labels if the set has them, and not the class labels")
    void learnsFromSoftLabels() {
        DistilledSet set = set(SHAPE);
        float[] opposite = new float[CLASSES * set.images().count()];
        for (int i = 0; i < set.images().count(); i++) {
            int label = set.labels().get(i);
            opposite[CLASSES * i + label] = 0.1f;
            opposite[CLASSES * i + 1 - label] = 0.9f;
        }
        DistilledSet contradicted = set.withSoftLabels(SoftLabels.of(CLASSES, opposite));
        try (Evaluator evaluator = Evaluator.open()) {
            assertThat(evaluator
                            .evaluate(contradicted, test(SHAPE), settings(), EvaluationProgress.silent())
                            .mean())
                    .isLessThan(0.1);
            assertThat(evaluator
                            .evaluate(
                                    contradicted.withHardLabels(), test(SHAPE), settings(), EvaluationProgress.silent())
                            .mean())
                    .isGreaterThan(0.9);
        }
    }

    @Test
    @DisplayName("every step is reported and can cancel the evaluation, also on one core")
    void endsAtAStep() {
        CountedSteps steps = new CountedSteps(7);
        try (Evaluator evaluator = Evaluator.openOnOneCore()) {
            assertThatThrownBy(() -> evaluator.evaluate(set(SHAPE), test(SHAPE), settings(), steps))
                    .isInstanceOf(CancellationException.class);

            assertThat(steps.count).isEqualTo(7);
            assertThat(evaluator
                            .evaluate(set(SHAPE), test(SHAPE), settings(), EvaluationProgress.silent())
                            .mean())
                    .isGreaterThan(0.9);
        }
    }

    /** Ends an evaluation at a step. */
    private static final class CountedSteps implements EvaluationProgress {

        private final int last;
        private int count;

        CountedSteps(int last) {
            this.last = last;
        }

        @Override
        public void epoch(int repeat, int epoch, int epochs, double loss) {
            assertThat(count).isEqualTo(2 * epoch); // 32 images in batches of 16
        }

        @Override
        public void step() {
            count++;
            if (count == last) {
                throw new CancellationException();
            }
        }
    }

    @Test
    @DisplayName("the same seed gives the same accuracies")
    void isRepeatable() {
        try (Evaluator evaluator = Evaluator.open()) {
            DistilledSet set = set(SHAPE);
            List<LabelledImage> test = test(SHAPE);

            EvaluationReport first = evaluator.evaluate(set, test, settings(), EvaluationProgress.silent());

            assertThat(evaluator.evaluate(set, test, settings(), EvaluationProgress.silent()))
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest(name = "batches of {0}")
    @CsvSource({"16", "10", "32"})
    @DisplayName("networks are trained for exactly the number of steps, also if it ends within an epoch")
    void countsSteps(int batch) {
        TrainingRecipe recipe = TrainingRecipe.sgd(1, batch, 0.01, "none", 0);
        EvaluationSettings settings = one(recipe, 4, 1).withSteps(Optional.of(7));
        AtomicInteger steps = new AtomicInteger();
        try (Evaluator evaluator = Evaluator.open()) {
            EvaluationReport report = evaluator.evaluate(set(SHAPE), test(SHAPE), settings, new EvaluationProgress() {
                @Override
                public void epoch(int repeat, int epoch, int epochs, double loss) {
                    assertThat(epochs).isEqualTo(Math.ceilDiv(7, Math.ceilDiv(32, batch)));
                    assertThat(loss).isFinite();
                }

                @Override
                public void step() {
                    steps.incrementAndGet();
                }
            });

            assertThat(steps).hasValue(7);
            assertThat(report.last()).hasSize(1);
        }
    }

    @Test
    @DisplayName("whole epochs and as many steps give the same network, if the rate drops between epochs")
    void stepsAreEpochs() {
        TrainingRecipe recipe = TrainingRecipe.sgd(6, 16, 0.01, "color_crop", 0.5);
        EvaluationSettings settings = one(recipe, 4, 1);
        try (Evaluator evaluator = Evaluator.open()) {
            List<Double> losses = new ArrayList<>();
            EvaluationProgress progress = (repeat, epoch, epochs, loss) -> losses.add(loss);
            DistilledSet set = set(SHAPE);

            evaluator.evaluate(set, test(SHAPE), settings, progress);
            evaluator.evaluate(set, test(SHAPE), settings.withSteps(Optional.of(12)), progress);

            assertThat(losses.subList(6, 12)).isEqualTo(losses.subList(0, 6));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EvaluationNetwork.class,
            names = {"CONVNET_BN", "MLP"})
    @DisplayName(
            "networks of other architectures are trained in the same loop, repeatably, with other results than the ConvNet")
    void otherNetworks(EvaluationNetwork network) {
        try (Evaluator evaluator = Evaluator.open()) {
            List<LabelledImage> test = test(SHAPE).subList(0, 40);
            DistilledSet set = set(SHAPE);
            TrainingRecipe recipe = TrainingRecipe.sgd(8, 16, 0.05, "none", 0);
            EvaluationSettings settings = one(recipe, 8, 2).withNetwork(network);

            EvaluationReport report = evaluator.evaluate(set, test, settings, EvaluationProgress.silent());

            assertThat(report.mean()).isGreaterThan(0.9);
            EvaluationSettings brief = settings.withRecipe(recipe.withEpochs(1));
            List<Double> losses = new ArrayList<>();
            evaluator.evaluate(set, test, brief, (repeat, epoch, epochs, loss) -> losses.add(loss));
            evaluator.evaluate(set, test, brief, (repeat, epoch, epochs, loss) -> losses.add(loss));
            EvaluationSettings convNet = brief.withNetwork(EvaluationNetwork.CONVNET);
            evaluator.evaluate(set, test, convNet, (repeat, epoch, epochs, loss) -> losses.add(loss));
            assertThat(losses.get(1)).isEqualTo(losses.get(0));
            assertThat(losses.get(2)).isNotEqualTo(losses.get(0));
        }
    }

    @Test
    @DisplayName("the accuracies of the classes, weighted by their test images, average to the total accuracy")
    void accuracyByClass() {
        try (Evaluator evaluator = Evaluator.open()) {
            List<LabelledImage> test = test(SHAPE).subList(0, 51);

            EvaluationReport report = evaluator.evaluate(set(SHAPE), test, settings(), EvaluationProgress.silent());

            List<Double> first = report.byClass().getFirst();
            assertThat((26 * first.get(0) + 25 * first.get(1)) / 51)
                    .isCloseTo(report.last().getFirst(), within(1e-12));
        }
    }

    @Test
    @DisplayName("a class without test images has no accuracy")
    void untestedClass() {
        try (Evaluator evaluator = Evaluator.open()) {
            List<LabelledImage> upright =
                    test(SHAPE).stream().filter(sample -> sample.label() == 0).toList();

            EvaluationReport report = evaluator.evaluate(set(SHAPE), upright, settings(), EvaluationProgress.silent());

            assertThat(report.byClass().getFirst().get(0))
                    .isEqualTo(report.last().getFirst());
            assertThat(report.byClass().getFirst().get(1)).isNaN();
        }
    }

    @Test
    @DisplayName("a set of another dataset is refused")
    void refusesAnotherDataset() {
        try (Evaluator evaluator = Evaluator.open()) {
            assertThatThrownBy(() -> evaluator.evaluate(
                            set(SHAPE), test(new ImageShape(1, 20, 20)), settings(), EvaluationProgress.silent()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1x16x16")
                    .hasMessageContaining("1x20x20");
        }
    }

    @Test
    @DisplayName("mean and standard deviation are population statistics over the networks")
    void reportsMeanAndStandardDeviation() {
        EvaluationReport report =
                new EvaluationReport(List.of(0.8, 0.9), List.of(0.85, 0.95), List.of(List.of(), List.of()));

        assertThat(report.mean()).isCloseTo(0.85, within(1e-12));
        assertThat(report.std()).isCloseTo(0.05, within(1e-12));
        assertThat(report.bestMean()).isCloseTo(0.9, within(1e-12));
    }

    private static EvaluationSettings settings() {
        return one(TrainingRecipe.sgd(20, 16, 0.01, "color_crop", 0.5), 8, 2)
                .withRepeats(2)
                .withCheckpoints(EvaluationSettings.PUBLISHED_CHECKPOINTS);
    }

    /** The settings for one ConvNet. */
    private static EvaluationSettings one(TrainingRecipe recipe, int width, int depth) {
        return EvaluationSettingsBuilder.builder()
                .recipe(recipe)
                .width(width)
                .depth(depth)
                .seed(1)
                .build();
    }

    private DistilledSet set(ImageShape shape) {
        int count = 32;
        float[] values = new float[count * shape.size()];
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(i % CLASSES);
            for (int at = 0; at < shape.size(); at++) {
                values[i * shape.size() + at] = level(shape, i % CLASSES, at) / 255f;
            }
        }
        ImageBatch images = ImageBatch.of(shape, values);
        return new DistilledSet(
                images,
                labels,
                images,
                labels,
                1,
                new Normalisation(List.of(0.4), List.of(0.3)),
                ClassList.of(List.of("upright", "lying")));
    }

    private List<LabelledImage> test(ImageShape shape) {
        List<LabelledImage> test = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] pixels = new byte[shape.size()];
            for (int at = 0; at < pixels.length; at++) {
                pixels[at] = (byte) level(shape, i % CLASSES, at);
            }
            test.add(new LabelledImage(Image.of(shape, pixels), i % CLASSES));
        }
        return test;
    }

    private int level(ImageShape shape, int label, int at) {
        int along = label == 0 ? at % shape.width() : at / shape.width();
        return random.nextInt(100) + (along % 4 < 2 ? 150 : 0);
    }
}
