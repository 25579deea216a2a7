package dev.reverie.gpu.method;

/** The model that a method fits to the synthetic images, and whose loss on real images it lowers. */
public sealed interface FitSettings {

    /**
     * Ridge regression from features to labels, which has a closed form (KIP, RFAD, FRePo).
     *
     * @param regularisation added to the diagonal of the kernel matrix, as a multiple of its mean; positive
     */
    record RidgeSettings(double regularisation) implements FitSettings {

        public RidgeSettings {
            SettingsRules.positive(regularisation, "the regularisation");
        }
    }

    /**
     * The mean features of each class, which classify real images by inner products, beside the distance of the means
     * of all layers from those of the real images (CAFE).
     *
     * @param discrimination weight of the cross-entropy of the real images, at least 0
     */
    record CafeSettings(double discrimination) implements FitSettings {

        public CafeSettings {
            SettingsRules.notNegative(discrimination, "the weight of the discrimination");
        }
    }

    /**
     * A network that is trained by SGD from random weights. The gradient flows through the last steps only, which begin
     * at a random place of the training (RaT-BPTT).
     *
     * @param steps most steps of a training (N)
     * @param window number of steps through which the gradient flows (M), from 1 to {@code steps}
     * @param batch most decoded synthetic images of a step, at least 1
     * @param rate initial learning rate of the training, positive
     * @param rateStep learning rate with which {@code rate} is learned, at least 0
     */
    record UnrolledSettings(int steps, int window, int batch, double rate, double rateStep) implements FitSettings {

        public UnrolledSettings {
            SettingsRules.atLeast(1, window, "window");
            SettingsRules.atLeast(window, steps, "steps");
            SettingsRules.atLeast(1, batch, "batch");
            SettingsRules.positive(rate, "the student's learning rate");
            SettingsRules.notNegative(rateStep, "the learning rate of the student's learning rate");
        }
    }
}
