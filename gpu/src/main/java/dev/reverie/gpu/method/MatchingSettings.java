package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.GradientDistance;
import io.soabase.recordbuilder.core.RecordBuilder.Initializer;
import java.util.Objects;

/**
 * The class step: the matching update of the synthetic images of one class.
 *
 * @param learningRate learning rate of the synthetic images, already scaled to ipc and image size
 * @param augmentation strategy of the siamese augmentation, for example {@code color_crop_cutout}
 * @param maxDecoded maximum number of decoded images per step; if there are more, a random subset is used
 * @param averaging weight of the previous value in the running average of the images, in [0, 1). The average is the
 *     published result; 0 publishes the images unchanged
 * @param calibration weight of the cross-entropy of the synthetic images, which is added to the matching distance
 *     (DANCE, IDM, TGDD), at least 0; networks of a queue multiply it by their training accuracy
 * @param decoding mode that determines which decoded images a step uses
 */
@GenerateSettingsBuilder
public record MatchingSettings(
        GradientDistance distance,
        double learningRate,
        double momentum,
        String augmentation,

        @Initializer("MAX_DECODED") int maxDecoded,

        double averaging,
        double calibration,

        @Initializer("DECODING") DecodingMode decoding)
        implements MatchingSettingsBuilder.With {

    // the generated builder starts from these values
    public static final int MAX_DECODED = Integer.MAX_VALUE;
    public static final DecodingMode DECODING = DecodingMode.SINGLE;

    public MatchingSettings {
        Objects.requireNonNull(distance, "distance");
        Objects.requireNonNull(augmentation, "augmentation");
        Objects.requireNonNull(decoding, "decoding");
        SettingsRules.notNegative(calibration, "the calibration weight");
        SettingsRules.positive(learningRate, "the image learning rate");
        SettingsRules.decayFactor(momentum, "the momentum");
        SettingsRules.atLeast(1, maxDecoded, "maxDecoded");
        SettingsRules.decayFactor(averaging, "averaging");
    }
}
