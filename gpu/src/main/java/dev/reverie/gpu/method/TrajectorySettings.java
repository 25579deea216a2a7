package dev.reverie.gpu.method;

import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;

/**
 * The settings of trajectory matching: the training of the experts, and the rollout of the student that follows them.
 *
 * @param epochs number of training epochs of an expert, whose parameters are saved before the first epoch and after
 *     each epoch; at least {@code starts + span - 1}
 * @param epochSamples number of real images per epoch, at least 1
 * @param starts number of epochs, counted from the first, at whose beginning a segment can start (max_start), at least
 *     1
 * @param span number of expert epochs in a segment, which one rollout should reproduce (M), at least 1
 * @param steps number of SGD steps of a rollout (N), at least 1
 * @param batch maximum number of decoded synthetic images per step, at least 1
 * @param rate initial learning rate of the student's SGD (alpha), positive
 * @param rateStep learning rate with which {@code rate} is learned, at least 0
 * @param unrolled whether the gradient flows through all steps of the rollout (MTT); otherwise the gradient treats the
 *     parameters before each step as constants (TESLA)
 */
@GenerateSettingsBuilder
public record TrajectorySettings(
        int epochs,
        int epochSamples,
        int starts,
        int span,
        int steps,
        int batch,
        double rate,
        double rateStep,
        boolean unrolled)
        implements TrajectorySettingsBuilder.With {

    public TrajectorySettings {
        SettingsRules.atLeast(1, epochSamples, "epochSamples");
        SettingsRules.atLeast(1, starts, "starts");
        SettingsRules.atLeast(1, span, "span");
        SettingsRules.atLeast(
                starts - 1 + span,
                epochs,
                "epochs, for segments of " + span + " that may start as late as epoch " + starts + ",");
        SettingsRules.atLeast(1, steps, "steps");
        SettingsRules.atLeast(1, batch, "batch");
        SettingsRules.positive(rate, "the student's learning rate");
        SettingsRules.notNegative(rateStep, "the learning rate of the student's learning rate");
    }

    /** Number of real images on which an expert is trained, summed over all epochs. */
    public int samples() {
        return training().samples();
    }

    ExpertTraining training() {
        return new ExpertTraining(epochs, epochSamples, 1);
    }
}
