package dev.reverie.gpu.evaluate;

/** The points at which the learning rate drops, as shares of the epochs. */
public enum LearningRateSchedule {
    /** To a fifth at two thirds of the epochs, and again at five sixths: the evaluation of IDC and DREAM. */
    THIRDS {
        @Override
        double share(int epoch, int epochs) {
            return (epoch >= 2 * epochs / 3 ? FIFTH : 1) * (epoch >= 5 * epochs / 6 ? FIFTH : 1);
        }
    },
    /** To a fifth at three fifths of the epochs, and again at four fifths: the class-incremental experiment of IDC. */
    FIFTHS {
        @Override
        double share(int epoch, int epochs) {
            return (epoch >= 3 * epochs / 5 ? FIFTH : 1) * (epoch >= 4 * epochs / 5 ? FIFTH : 1);
        }
    },
    /**
     * To a tenth after half of the epochs, with a new optimiser: the evaluation of DC, DSA and DM. Their loop runs from
     * epoch 0 to E, that is E + 1 epochs, and the rate drops after epoch floor(E / 2) + 1.
     */
    HALF {
        @Override
        double share(int epoch, int epochs) {
            return epoch >= afterHalf(epochs) ? TENTH : 1;
        }

        @Override
        boolean resetsMomentum(int epoch, int epochs) {
            return epoch == afterHalf(epochs);
        }

        private int afterHalf(int epochs) {
            return (epochs - 1) / 2 + 2;
        }
    };

    private static final double FIFTH = 0.2;
    private static final double TENTH = 0.1;

    /** The learning rate during an epoch, as a share of the initial one. */
    abstract double share(int epoch, int epochs);

    /** Whether an epoch begins with a new optimiser. */
    boolean resetsMomentum(int epoch, int epochs) {
        return false;
    }
}
