package dev.reverie.gpu.evaluate;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

@FunctionalInterface
public interface EvaluationProgress {

    /**
     * Called at the end of an epoch.
     *
     * @param repeat index of the network, from 0
     * @param epoch number of completed epochs, 1 to {@code epochs}
     * @param loss mean cross-entropy over the epoch, in nats
     */
    void epoch(int repeat, int epoch, int epochs, double loss);

    /**
     * Called after each training step. The next step begins after this method returns; an exception ends the
     * evaluation.
     */
    default void step() {}

    /**
     * Returns a listener that tells this one, and throws an exception after the training step during which the end was
     * requested.
     */
    default EvaluationProgress stoppedBy(BooleanSupplier requested, Supplier<? extends RuntimeException> exception) {
        EvaluationProgress told = this;
        return new EvaluationProgress() {
            @Override
            public void epoch(int repeat, int epoch, int epochs, double loss) {
                told.epoch(repeat, epoch, epochs, loss);
            }

            @Override
            public void step() {
                told.step();
                if (requested.getAsBoolean()) {
                    throw exception.get();
                }
            }
        };
    }

    static EvaluationProgress silent() {
        return (repeat, epoch, epochs, loss) -> {};
    }
}
