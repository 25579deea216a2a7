package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The random transformations a strategy is made of, in the order in which they are applied. */
enum AugmentationKind {
    FLIP,
    COLOR,
    CROP,
    SCALE,
    ROTATE,
    CUTOUT;

    /** One draw of its parameters. */
    ImageMap draw(ImageShape shape, RandomGenerator random) {
        return switch (this) {
            case FLIP -> Flip.draw(shape, random);
            case COLOR -> ColourJitter.draw(shape, random);
            case CROP -> Crop.draw(shape, random);
            case SCALE -> AffineWarp.drawScale(shape, random);
            case ROTATE -> AffineWarp.drawRotation(shape, random);
            case CUTOUT -> Cutout.draw(shape, random);
        };
    }

    /** Whether it is applied every time, rather than being one of those that are drawn from. */
    boolean always() {
        return this == FLIP || this == COLOR || this == CUTOUT;
    }

    /** The name in a strategy. */
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
