package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Batch;
import dev.reverie.gpu.network.BatchTrainer.Outcome;
import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.tensor.DeviceKernels;
import java.util.Iterator;
import java.util.Optional;

/**
 * Trains networks with one step of SGD for each of a sequence of batches. If steps on a device are alike, that is, of
 * the same network with the same settings on batches of the same size, it records the second one for all later ones.
 * Not thread safe.
 */
public final class SequentialTraining implements AutoCloseable {

    private final BatchTrainer trainer;
    private Optional<RecordedStep> recorded = Optional.empty();
    private Optional<Kind> latest = Optional.empty();
    /** What the memory of the device did not suffice for. */
    private Optional<Kind> tooLarge = Optional.empty();

    /** The steps that are alike. */
    private record Kind(ConvNet network, int samples, Sgd sgd) {}

    /** Records nothing yet. */
    public SequentialTraining(BatchTrainer trainer) {
        this.trainer = trainer;
    }

    /**
     * Performs a step for each batch.
     *
     * @param batches at least one
     * @param check called before each step; an exception that it throws ends the training
     * @return the mean loss of the batches, and the accuracy over all images
     */
    public Outcome train(ConvNet network, Iterator<Batch> batches, Sgd sgd, Runnable check) {
        recorded.ifPresent(RecordedStep::clearTotals);
        Sums sums = new Sums();
        while (batches.hasNext()) {
            check.run();
            Batch batch = batches.next();
            Kind kind = new Kind(network, batch.images().size(), sgd);
            sums.batch(kind.samples());
            step(kind, batch, sums);
        }
        recorded.ifPresent(step -> sums.add(step.takeTotals()));
        return sums.mean();
    }

    private void step(Kind kind, Batch batch, Sums sums) {
        boolean again = latest.filter(kind::equals).isPresent();
        latest = Optional.of(kind);
        if (!again) {
            recorded.ifPresent(step -> sums.add(step.takeTotals()));
            forget();
        }
        if (!again || !runRecorded(kind, batch)) {
            Outcome outcome = trainer.step(kind.network(), batch, kind.sgd());
            sums.add(new RecordedStep.Totals(outcome.loss(), outcome.accuracy() * kind.samples()));
        }
    }

    /** Returns false, without having changed the network, if the device cannot record the step. */
    private boolean runRecorded(Kind kind, Batch batch) {
        Optional<DeviceKernels> device = trainer.threads().kernels().device();
        if (device.isEmpty() || device.get().microBatches(kind.samples()) > 1 || tooLarge.equals(latest)) {
            return false;
        }
        try {
            if (recorded.isEmpty()) {
                recorded = Optional.of(new RecordedStep(kind.network(), kind.samples(), kind.sgd(), device.get()));
            }
            recorded.get().run(batch);
            return true;
        } catch (RuntimeException failure) {
            if (!device.get().isFull(failure)) {
                throw failure;
            }
            tooLarge = latest;
            forget();
            return false;
        }
    }

    private void forget() {
        recorded.ifPresent(RecordedStep::close);
        recorded = Optional.empty();
    }

    @Override
    public void close() {
        forget();
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
