package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The random transformations of a strategy, in the order in which they are applied. */
enum AugmentationKind {
    FLIP,
    COLOR,
    CROP,
    SCALE,
    ROTATE,
    CUTOUT;

    /** Draws the parameters of the transformation. */
    AffineImageTransform draw(ImageShape shape, RandomGenerator random) {
        return switch (this) {
            case FLIP -> Flip.draw(shape, random);
            case COLOR -> ColourJitter.draw(shape, random);
            case CROP -> Crop.draw(shape, random);
            case SCALE -> AffineWarp.drawScale(shape, random);
            case ROTATE -> AffineWarp.drawRotation(shape, random);
            case CUTOUT -> Cutout.draw(shape, random);
        };
    }

    /** Whether a composed strategy always applies this transformation, rather than drawing one of several. */
    boolean always() {
        return this == FLIP || this == COLOR || this == CUTOUT;
    }

    /** The name of the transformation in a strategy. */
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
