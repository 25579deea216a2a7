package dev.reverie.gpu.evaluate;

/** Hears how an evaluation gets on. */
@FunctionalInterface
public interface EvaluationProgress {

    /**
     * An epoch is over.
     *
     * @param repeat which network, from 0
     * @param epoch epochs done, 1 to {@code epochs}
     * @param loss mean cross-entropy over the epoch, in nats
     */
    void epoch(int repeat, int epoch, int epochs, double loss);

    /** A step of training is over. What this takes, the next one waits; what it throws ends the evaluation. */
    default void step() {}

    /** Says nothing. */
    static EvaluationProgress silent() {
        return (repeat, epoch, epochs, loss) -> {};
    }
}
