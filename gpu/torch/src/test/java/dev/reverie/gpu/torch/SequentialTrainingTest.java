package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.BatchTrainer.Outcome;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.network.ResNetArchitecture;
import dev.reverie.gpu.network.SequentialTraining;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.DeviceKernels.KernelRecording;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A training on a device, which records the steps that are alike,")
class SequentialTrainingTest {

    private static final ImageShape SHAPE = new ImageShape(2, 16, 16);
    private static final Architecture CONVNET = new ConvNetArchitecture(SHAPE, 3, 8, 2);
    private static final Architecture RESNET = new ResNetArchitecture(SHAPE, 3, 2);
    private static final Sgd SGD = new Sgd(0.05, 0.9, 5e-4);
    private static final Sgd SLOWER = new Sgd(0.01, 0.9, 5e-4);
    private static final double ROUNDING = 1e-9;

    private final SplittableRandom random = new SplittableRandom(5);
    private final List<TrainingBatch> batches =
            IntStream.range(0, 12).mapToObj(_ -> batch(20)).toList();
    private DeviceKernels kernels = WorkerKernels.onThisThread(Precision.DOUBLE);
    private Architecture architecture = CONVNET;

    /** Kernels of a device whose memory suffices for a step, but not for that of a recording. */
    private static final class FullKernels extends TorchDeviceKernels {

        private FullKernels() {
            super(Precision.DOUBLE, TorchMemory.ofDevice("cpu"));
        }

        @Override
        public KernelRecording record(Runnable work) {
            throw new RuntimeException(SmallDeviceKernels.REPORT); // as JavaCPP does
        }
    }

    @BeforeAll
    static void open() {
        new TorchEngine().open();
    }

    @Test
    @DisplayName("ends with the network, the mean loss and the accuracy of the same steps, one by one")
    void equalsSingleSteps() {
        sameAsSingleSteps(training -> training.run(batches, SGD));
    }

    @Test
    @DisplayName("also if the network is a ResNet")
    void trainsResNets() {
        architecture = RESNET;
        sameAsSingleSteps(training -> training.run(batches, SGD));
    }

    @Test
    @DisplayName("with the same bits, whether steps are recorded or not")
    void sameBits() {
        try (Recorded recorded = new Recorded();
                Recorded restarted = new Recorded()) {
            recorded.run(batches, SGD);
            for (TrainingBatch batch : batches) {
                restarted.training.close();
                restarted.run(List.of(batch), SGD);
            }

            List<Tensor> values = recorded.network.parameters().tensors();
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i).toDoubles())
                        .isEqualTo(
                                restarted.network.parameters().tensors().get(i).toDoubles());
            }
        }
    }

    @Test
    @DisplayName("also if batches of other sizes and steps at another rate come between")
    void changesKinds() {
        TrainingBatch small = batch(7);
        sameAsSingleSteps(training -> {
            training.run(Stream.concat(batches.stream(), Stream.of(small)).toList(), SGD);
            training.run(batches, SGD);
            training.run(batches, SLOWER);
        });
    }

    @Test
    @DisplayName("also if the parameters are given other values between two trainings")
    void changesParameters() {
        sameAsSingleSteps(training -> {
            training.run(batches, SGD);
            for (Tensor parameter : training.network().parameters().tensors()) {
                float[] values = parameter.toFloats();
                for (int i = 0; i < values.length; i++) {
                    values[i] /= 2;
                }
                parameter.setFloats(values);
            }
            training.network().parametersChanged();
            training.run(batches, SGD);
        });
    }

    @Test
    @DisplayName("also if the memory does not suffice for a recording")
    void recordsNothing() {
        kernels = new FullKernels();
        sameAsSingleSteps(training -> {
            training.run(batches, SGD);
            training.run(batches, SGD);
        });
    }

    /** A way to train a network. */
    private interface Training {
        Network network();

        void run(List<TrainingBatch> batches, Sgd sgd);
    }

    /** A training of which only the last outcome counts. */
    private final class Recorded implements Training, AutoCloseable {

        private final Network network = Network.fresh(architecture, kernels, new SplittableRandom(9));
        private final ComputeThreads threads = new ComputeThreads(kernels, 2);
        private final SequentialTraining training = new SequentialTraining(new BatchTrainer(threads));
        private Outcome outcome = new Outcome(0, 0);

        @Override
        public Network network() {
            return network;
        }

        @Override
        public void run(List<TrainingBatch> batches, Sgd sgd) {
            outcome = training.train(network, batches.iterator(), sgd, () -> {});
        }

        @Override
        public void close() {
            training.close();
            network.close();
            threads.close();
        }
    }

    /** Single steps, of which none is recorded. */
    private final class Single implements Training, AutoCloseable {

        private final Network network = Network.fresh(architecture, kernels, new SplittableRandom(9));
        private final ComputeThreads threads = new ComputeThreads(kernels, 2);
        private Outcome outcome = new Outcome(0, 0);

        @Override
        public Network network() {
            return network;
        }

        @Override
        public void run(List<TrainingBatch> batches, Sgd sgd) {
            BatchTrainer trainer = new BatchTrainer(threads);
            double loss = 0;
            double correct = 0;
            int images = 0;
            for (TrainingBatch batch : batches) {
                Outcome step = trainer.step(network, batch, sgd);
                int size = batch.images().size();
                loss += step.loss() / batches.size();
                correct += step.accuracy() * size;
                images += size;
            }
            outcome = new Outcome(loss, correct / images);
        }

        @Override
        public void close() {
            network.close();
            threads.close();
        }
    }

    private void sameAsSingleSteps(Consumer<Training> work) {
        try (Recorded recorded = new Recorded();
                Single single = new Single()) {
            work.accept(recorded);
            work.accept(single);

            assertThat(recorded.outcome.loss()).isCloseTo(single.outcome.loss(), within(ROUNDING));
            assertThat(recorded.outcome.accuracy()).isCloseTo(single.outcome.accuracy(), within(ROUNDING));
            sameValues(
                    recorded.network().parameters().tensors(),
                    single.network().parameters().tensors());
            sameValues(
                    recorded.network().velocities().tensors(),
                    single.network().velocities().tensors());
        }
    }

    private static void sameValues(List<Tensor> actual, List<Tensor> expected) {
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).toDoubles())
                    .usingComparatorWithPrecision(ROUNDING)
                    .containsExactly(expected.get(i).toDoubles());
        }
    }

    private TrainingBatch batch(int size) {
        List<double[]> images = IntStream.range(0, size)
                .mapToObj(_ -> random.doubles(SHAPE.size(), -1, 1).toArray())
                .toList();
        List<double[]> targets = IntStream.range(0, size)
                .mapToObj(_ -> {
                    double share = random.nextDouble();
                    return new double[] {share, 0, 1 - share};
                })
                .toList();
        return new TrainingBatch(images, targets);
    }
}
