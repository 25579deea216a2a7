package dev.reverie.gpu.method;

import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import io.soabase.recordbuilder.core.RecordBuilder.Initializer;

/**
 * The settings of trajectory guidance (TGDD): the training of the experts, and the two stages of this training that an
 * inner loop uses. The features of the expert at the first stage are matched; at the later stage, the expert calibrates
 * the synthetic images. The first stage is drawn from all saved parameters of the expert; the later one is drawn from
 * the first stage and the saved parameters of the next {@code ahead} epochs.
 *
 * @param epochs number of training epochs of an expert, at least 1; its parameters are saved before the first epoch and
 *     after each epoch
 * @param epochSamples number of real images per epoch, at least 1
 * @param ahead maximum number of epochs between the two stages, at least 0
 * @param decay factor by which the learning rate of an expert is multiplied after each epoch, above 0 and at most 1
 */
@GenerateSettingsBuilder
public record GuidanceSettings(
        int epochs,
        int epochSamples,
        int ahead,

        @Initializer("DECAY") double decay) implements GuidanceSettingsBuilder.With {

    // the generated builder starts from these values
    public static final double DECAY = 1;

    public GuidanceSettings {
        SettingsRules.atLeast(1, epochs, "epochs");
        SettingsRules.atLeast(1, epochSamples, "epochSamples");
        SettingsRules.atLeast(0, ahead, "ahead");
        if (!(decay > 0 && decay <= 1)) {
            throw new IllegalArgumentException("the decay must be above 0 and at most 1, got " + decay);
        }
    }

    /**
     * Returns the settings for a training that has {@code times} as many images and the same final learning rate. Its
     * epochs have as many times the images as the dataset allows; the rest of the training is in more epochs.
     */
    GuidanceSettings lengthened(int times, int trainImages) {
        int perEpoch = Math.min(epochSamples, trainImages);
        int longest = Math.min(times * perEpoch, trainImages);
        int longer = Math.ceilDiv(epochs * times * perEpoch, longest);
        return new GuidanceSettings(
                longer, longest, Math.ceilDiv(ahead * longer, epochs), StrictMath.pow(decay, (double) epochs / longer));
    }

    /** Number of real images on which an expert is trained, summed over all epochs. */
    public int samples() {
        return training().samples();
    }

    ExpertTraining training() {
        return new ExpertTraining(epochs, epochSamples, decay);
    }
}
