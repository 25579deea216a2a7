package dev.reverie.gpu.network;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.network.BatchTrainer.Outcome;
import dev.reverie.gpu.network.RecordedStep.StepKind;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.Iterator;
import java.util.Optional;

/**
 * Trains networks with one step of SGD for each of a sequence of batches. If steps on a device are alike, that is, of
 * the same network with the same settings on batches of the same size, the device records them. Not thread safe.
 */
public final class SequentialTraining implements AutoCloseable {

    private final BatchTrainer trainer;
    private Optional<RecordedStep> recorded = Optional.empty();
    /** The steps whose batch does not fit the memory of the device, together with what {@link RecordedStep} keeps. */
    private Optional<StepKind> tooLarge = Optional.empty();

    /** Records nothing yet. */
    public SequentialTraining(BatchTrainer trainer) {
        this.trainer = trainer;
    }

    /**
     * Performs a step for each of at least one batch; returns the mean loss of the batches, and the accuracy over all
     * images. An exception that {@code check} throws before a step ends the training.
     */
    public Outcome train(Network network, Iterator<TrainingBatch> batches, Sgd sgd, Runnable check) {
        recorded.ifPresent(RecordedStep::clearTotals);
        Sums sums = new Sums();
        while (batches.hasNext()) {
            check.run();
            TrainingBatch batch = batches.next();
            StepKind kind = new StepKind(network, batch.images().size(), sgd);
            sums.batch(kind.samples());
            if (!runRecorded(kind, batch, sums)) {
                Outcome outcome = trainer.step(network, batch, sgd);
                sums.add(new RecordedStep.Totals(outcome.loss(), outcome.accuracy() * kind.samples()));
            }
        }
        recorded.ifPresent(step -> sums.add(step.takeTotals()));
        return sums.mean();
    }

    /** Returns false, without having changed the network, on the host and if the device computes batches in parts. */
    private boolean runRecorded(StepKind kind, TrainingBatch batch, Sums sums) {
        Optional<DeviceKernels> device = trainer.threads()
                .kernels()
                .device()
                .filter(one -> one.microBatches(kind.samples()) == 1)
                .filter(one -> tooLarge.filter(kind::equals).isEmpty());
        if (recorded.filter(step -> device.isEmpty() || !step.kind().equals(kind))
                .isPresent()) {
            forget(sums);
        }
        if (device.isEmpty()) {
            return false;
        }
        try {
            if (recorded.isEmpty()) {
                recorded = Optional.of(new RecordedStep(kind, device.get()));
            }
            recorded.get().run(batch);
            return true;
        } catch (RuntimeException failure) {
            if (!device.get().isFull(failure)) {
                throw failure;
            }
            tooLarge = Optional.of(kind);
            forget(sums);
            return false;
        }
    }

    private void forget(Sums sums) {
        recorded.ifPresent(step -> sums.add(step.takeTotals()));
        close();
    }

    @Override
    public void close() {
        Optional<RecordedStep> step = recorded;
        recorded = Optional.empty();
        step.ifPresent(RecordedStep::close);
    }

    /** What a training adds up. */
    private static final class Sums {

        private int batches;
        private int images;
        private double loss;
        private double correct;

        void batch(int size) {
            batches++;
            images += size;
        }

        void add(RecordedStep.Totals totals) {
            loss += totals.loss();
            correct += totals.correct();
        }

        Outcome mean() {
            return new Outcome(loss / batches, correct / images);
        }
    }
}
