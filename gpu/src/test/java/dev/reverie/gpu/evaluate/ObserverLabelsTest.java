package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Optimiser;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An evaluation with an observer")
class ObserverLabelsTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final int CLASSES = 2;
    private static final int COUNT = 32;
    private static final ConvNetArchitecture ARCHITECTURE = new ConvNetArchitecture(SHAPE, CLASSES, 8, 2);

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    @DisplayName("trains networks on the labels of the observer instead of those of the images")
    void learnsFromTheObserver() {
        // given images whose own labels are all wrong
        List<LabelledImage> images = images(COUNT);
        List<LabelledImage> wrong = relabelled(images, label -> 1 - label);
        EvaluationTask task = new EvaluationTask(
                training(wrong), Optional.empty(), Optional.of(trainedOn(images)), images(40), labelledByObserver());

        try (Evaluator evaluator = Evaluator.open()) {
            EvaluationReport report = evaluator.evaluate(task, EvaluationProgress.silent());

            assertThat(report.mean()).isGreaterThan(0.9);
        }
    }

    @Test
    @DisplayName("needs an observer if the recipe asks for one, and refuses one otherwise")
    void observerAndRecipe() {
        List<LabelledImage> images = images(COUNT);
        EvaluationSettings plain = labelledByObserver().withRecipe(TrainingRecipe.sgd(1, 16, 0.01, "none", 0));

        assertThatThrownBy(() -> new EvaluationTask(training(images), images, labelledByObserver()))
                .hasMessage("the recipe takes its labels from an observer, but there is none");
        assertThatThrownBy(() -> new EvaluationTask(
                        training(images), Optional.empty(), Optional.of(trainedOn(images)), images, plain))
                .hasMessage("there is an observer, but the recipe takes its labels from the images");
    }

    @Test
    @DisplayName("is not possible for networks that are trained on one task after another")
    void notInTurn() {
        List<LabelledImage> images = images(COUNT);
        EvaluationTask task = new EvaluationTask(
                training(images), Optional.empty(), Optional.of(trainedOn(images)), images, labelledByObserver());

        try (Evaluator evaluator = Evaluator.open()) {
            assertThatThrownBy(() -> evaluator.evaluateInTurn(List.of(task), _ -> EvaluationProgress.silent()))
                    .hasMessageContaining("no observer");
        }
    }

    @Test
    @DisplayName("refuses parameters that do not fit the architecture of the observer")
    void otherParameters() {
        assertThatThrownBy(() -> new ObserverNetwork(ARCHITECTURE, List.of(new float[3])))
                .hasMessageContaining("got [3]");
    }

    private static EvaluationSettings labelledByObserver() {
        TrainingRecipe published = TrainingRecipe.labelledByObserver(16, 2, CLASSES);
        return EvaluationSettingsBuilder.builder()
                .recipe(published.withEpochs(40).withLearningRate(0.005))
                .width(8)
                .depth(2)
                .seed(1)
                .build();
    }

    private static TrainingImages training(List<LabelledImage> images) {
        return new TrainingImages(
                SHAPE,
                CLASSES,
                new Normalisation(List.of(0.4), List.of(0.3)),
                images.size(),
                index -> images.get(index).image().values(),
                index -> OneHotLabels.of(images.get(index).label(), CLASSES));
    }

    private static List<LabelledImage> relabelled(List<LabelledImage> images, IntUnaryOperator label) {
        return images.stream()
                .map(sample -> new LabelledImage(sample.image(), label.applyAsInt(sample.label())))
                .toList();
    }

    private static ObserverNetwork trainedOn(List<LabelledImage> images) {
        TrainingTargets targets = TrainingTargets.of(images.stream()
                .map(sample -> OneHotLabels.of(sample.label(), CLASSES))
                .toList());
        try (ComputeThreads threads = new ComputeThreads(Device.kernels(), 1);
                ConvNet network = ConvNet.fresh(ARCHITECTURE, threads.kernels(), new SplittableRandom(5))) {
            BatchTrainer trainer = new BatchTrainer(threads);
            for (int step = 0; step < 30; step++) {
                trainer.step(network, index -> normalised(images.get(index)), targets, new Optimiser.Sgd(0.02, 0.9, 0));
            }
            return new ObserverNetwork(
                    ARCHITECTURE,
                    network.parameters().tensors().stream()
                            .map(Tensor::toFloats)
                            .toList());
        }
    }

    private static double[] normalised(LabelledImage sample) {
        double[] values = sample.image().values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] - 0.4) / 0.3;
        }
        return values;
    }

    /** Stripes that stand upright or lie, with noise. */
    private List<LabelledImage> images(int count) {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[SHAPE.size()];
            for (int at = 0; at < pixels.length; at++) {
                int along = i % CLASSES == 0 ? at % SHAPE.width() : at / SHAPE.width();
                pixels[at] = (byte) (random.nextInt(100) + (along % 4 < 2 ? 150 : 0));
            }
            images.add(new LabelledImage(Image.of(SHAPE, pixels), i % CLASSES));
        }
        return images;
    }
}
