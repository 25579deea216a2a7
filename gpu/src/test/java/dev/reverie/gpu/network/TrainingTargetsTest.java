package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.TrainingTargets.LossWeights;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The training targets of a batch")
class TrainingTargetsTest {

    private static final double STEP = 1e-5;

    /** Above the truncation error of a difference quotient, about the square of the step; far below a wrong factor. */
    private static final double RELATIVE = 1e-6;

    /** Rounding error of a difference quotient: 1e-16 of a loss of about 10, divided by the step. */
    private static final double ABSOLUTE = 2e-10;

    /** Above the rounding error of a sum of a few terms of about 10. */
    private static final double ROUNDING = 1e-12;

    private static final double TEMPERATURE = 20;

    /**
     * Distance of two logits where the targets (1/2, 1/2) and the teacher (2, -2) balance: the root d of {@code s(d) -
     * 1/2 + 2 (s(d / 2) - s(2)) = 0}, with the logistic function s.
     */
    private static final double BALANCE = 1.745;

    /** Distance from the balance that may be left, because the training ends after a fixed number of steps. */
    private static final double UNFINISHED = 0.05;

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    @DisplayName(
            "have the cross-entropy as loss, plus four times the divergence from a teacher, with the logits of both halved")
    void loss() {
        double[] logits = {1, -1, 3};
        double[] target = {0, 0.25, 0.75};
        double[] teacher = {2, 0};

        double cost = new TrainingTargets(List.of(target), List.of(teacher), LossWeights.RECALL)
                .loss(new double[][] {logits});

        double partition = Math.exp(1) + Math.exp(-1) + Math.exp(3);
        double crossEntropy = -0.25 * Math.log(Math.exp(-1) / partition) - 0.75 * Math.log(Math.exp(3) / partition);
        double expected = Math.E / (Math.E + 1);
        double own = Math.exp(0.5) / (Math.exp(0.5) + Math.exp(-0.5));
        double divergence = expected * Math.log(expected / own) + (1 - expected) * Math.log((1 - expected) / (1 - own));
        assertThat(cost).isCloseTo(crossEntropy + 4 * divergence, within(ROUNDING));
    }

    @Test
    @DisplayName("count an image as correct if its largest logit is that of the larger part of a mixed target")
    void correct() {
        TrainingTargets mixed = TrainingTargets.of(
                List.of(new double[] {0, 1, 0}, new double[] {0.25, 0, 0.75}, new double[] {0.25, 0, 0.75}));

        int correct = mixed.correct(new double[][] {{-3, -1, -2}, {0, 1, 2}, {2, 1, 0}});

        assertThat(correct).isEqualTo(2);
    }

    @Test
    @DisplayName("have the gradient with respect to every logit, with and without a teacher, by central differences")
    void gradient() {
        double weight = 0.3;
        double[][] logits = {row(5), row(5), row(5)};
        TrainingTargets trainingTargets = new TrainingTargets(
                List.of(new double[] {0, 1, 0, 0, 0}, new double[] {0.5, 0, 0, 0, 0.5}, new double[] {0, 0, 0, 1, 0}),
                List.of(row(3), new double[0], row(3)),
                LossWeights.RECALL);

        double[][] gradient = trainingTargets.gradient(logits, weight);

        for (int sample = 0; sample < logits.length; sample++) {
            for (int k = 0; k < logits[sample].length; k++) {
                double at = logits[sample][k];
                logits[sample][k] = at + STEP;
                double above = trainingTargets.loss(logits);
                logits[sample][k] = at - STEP;
                double below = trainingTargets.loss(logits);
                logits[sample][k] = at;
                double difference = weight * (above - below) / (2 * STEP);
                assertThat(gradient[sample][k])
                        .as("image %d, logit %d", sample, k)
                        .isCloseTo(difference, within(ABSOLUTE + RELATIVE * Math.abs(difference)));
            }
        }
    }

    @Test
    @DisplayName("of an observer have the gradient of the divergence at its temperature alone, by central differences")
    void observed() {
        double[][] logits = {row(4)};
        double[] observer = row(4);
        TrainingTargets observed =
                new TrainingTargets(List.of(row(4)), List.of(observer), LossWeights.onlyTeacher(TEMPERATURE));

        double[] gradient = observed.gradient(logits, 1)[0];

        assertThat(observed.loss(new double[][] {observer})).isCloseTo(0, within(ROUNDING));
        for (int k = 0; k < gradient.length; k++) {
            double at = logits[0][k];
            logits[0][k] = at + STEP;
            double above = observed.loss(logits);
            logits[0][k] = at - STEP;
            double below = observed.loss(logits);
            logits[0][k] = at;
            double difference = (above - below) / (2 * STEP);
            assertThat(gradient[k]).isCloseTo(difference, within(ABSOLUTE + RELATIVE * Math.abs(difference)));
        }
    }

    @Test
    @DisplayName("have no gradient if the network agrees on the old classes, whatever it predicts for new ones")
    void nothingToRecall() {
        double[][] logits = {{0.5, -2, 7}};
        TrainingTargets recalling = new TrainingTargets(
                List.of(new double[] {0, 0, 1}), List.of(new double[] {1.5, -1}), LossWeights.RECALL);
        TrainingTargets plain = TrainingTargets.of(recalling.targets());

        // then a constant that is added to all logits of the teacher makes no difference
        assertThat(recalling.loss(logits)).isCloseTo(plain.loss(logits), within(ROUNDING));
        assertThat(recalling.gradient(logits, 1)[0]).containsExactly(plain.gradient(logits, 1)[0], within(ROUNDING));
    }

    @Test
    @DisplayName("train a ConvNet to the point where target and teacher balance")
    void betweenTargetAndTeacher() {
        // given targets that want both logits alike, a teacher who wants them 4 apart, and several micro-batches
        List<double[]> images = Stream.generate(() -> random.doubles(64, -1, 1).toArray())
                .limit(40)
                .toList();
        TrainingTargets trainingTargets = new TrainingTargets(
                Collections.nCopies(40, new double[] {0.5, 0.5}),
                Collections.nCopies(40, new double[] {2, -2}),
                LossWeights.RECALL);
        Kernels kernels = Device.referenceKernels(Precision.DOUBLE);
        try (ComputeThreads threads = new ComputeThreads(kernels, 2);
                ConvNet network =
                        ConvNet.fresh(new ConvNetArchitecture(new ImageShape(1, 8, 8), 2, 4, 1), kernels, random)) {
            BatchTrainer trainer = new BatchTrainer(threads);
            for (int step = 0; step < 300; step++) {
                trainer.step(network, images::get, trainingTargets, new Sgd(0.05, 0.5, 0));
            }

            assertThat(trainer.logits(network, 40, images::get))
                    .allSatisfy(logits -> assertThat(logits[0] - logits[1]).isCloseTo(BALANCE, within(UNFINISHED)));
        }
    }

    private double[] row(int classes) {
        return random.doubles(classes, -3, 3).toArray();
    }
}
