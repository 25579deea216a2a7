package dev.reverie.gpu.augment;

import dev.reverie.gpu.augment.TrainingAugmentation.BatchAugmentation;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Differentiable augmentation of normalised images. A composed strategy, as in IDC and DREAM, applies the
 * transformations that it names, in this order: flip; colour; crop, scale or rotate; cutout. Of the named
 * transformations, colour and cutout are always applied, a flip has probability 1/2, and one of crop, scale and rotate
 * is drawn per batch. A single strategy, as in DSA and DM, applies one transformation per batch, drawn from those that
 * it names. Immutable and thread safe.
 */
public final class Augmentation implements BatchAugmentation {

    private static final String NONE = "none";
    private static final String SEPARATOR = "_";
    private static final String ONE_OF = "|";

    private final ImageShape shape;
    private final EnumSet<AugmentationKind> primitives;
    private final boolean single;

    private Augmentation(ImageShape shape, EnumSet<AugmentationKind> primitives, boolean single) {
        this.shape = shape;
        this.primitives = primitives;
        this.single = single;
    }

    /**
     * Parses a strategy: {@code none}, or names from {@code flip}, {@code color}, {@code crop}, {@code scale},
     * {@code rotate} and {@code cutout}, in any order, joined by underscores to compose them or by bars to draw one of
     * them.
     *
     * @throws IllegalArgumentException if a name is unknown or repeated; the message contains that name
     */
    public static Augmentation of(String strategy, ImageShape shape) {
        EnumSet<AugmentationKind> primitives = EnumSet.noneOf(AugmentationKind.class);
        boolean single = strategy.contains(ONE_OF);
        if (!strategy.equals(NONE)) {
            for (String token : strategy.split(Pattern.quote(single ? ONE_OF : SEPARATOR), -1)) {
                if (!primitives.add(primitive(token, strategy))) {
                    throw new IllegalArgumentException(
                            "augmentation '" + strategy + "' names '" + token + "' twice; name it once");
                }
            }
        }
        return new Augmentation(shape, primitives, single);
    }

    private static AugmentationKind primitive(String token, String strategy) {
        return Arrays.stream(AugmentationKind.values())
                .filter(primitive -> primitive.token().equals(token))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown augmentation '" + token + "' in '" + strategy
                        + "'; join names from "
                        + Arrays.stream(AugmentationKind.values())
                                .map(AugmentationKind::token)
                                .collect(Collectors.joining(", "))
                        + " by underscores or, for one of them at a time, by bars, or say none"));
    }

    /** Draws one transformation for all images of a batch, as siamese augmentation in matching requires. */
    public AffineImageTransform draw(RandomGenerator random) {
        return drawSample(drawBatch(random), random);
    }

    /**
     * Draws a transformation for each image of a batch. The choice among crop, scale and rotate is the same for the
     * whole batch.
     */
    @Override
    public List<AffineImageTransform> drawEach(int count, RandomGenerator random) {
        Set<AugmentationKind> applied = drawBatch(random);
        List<AffineImageTransform> maps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            maps.add(drawSample(applied, random));
        }
        return List.copyOf(maps);
    }

    /** Draws the kinds of transformation for one batch, in the order in which they are applied. */
    private EnumSet<AugmentationKind> drawBatch(RandomGenerator random) {
        List<AugmentationKind> alternatives = primitives.stream()
                .filter(primitive -> single || !primitive.always())
                .toList();
        EnumSet<AugmentationKind> applied = EnumSet.copyOf(primitives);
        if (!alternatives.isEmpty()) {
            alternatives.forEach(applied::remove);
            applied.add(alternatives.get(random.nextInt(alternatives.size())));
        }
        return applied;
    }

    private AffineImageTransform drawSample(Set<AugmentationKind> applied, RandomGenerator random) {
        AffineImageTransform map = AffineImageTransform.identity();
        for (AugmentationKind primitive : applied) {
            map = map.then(primitive.draw(shape, random));
        }
        return map;
    }

    /** Formats the strategy in canonical order, so that {@link #of} can parse it. */
    @Override
    public String toString() {
        return primitives.isEmpty()
                ? NONE
                : primitives.stream()
                        .map(AugmentationKind::token)
                        .collect(Collectors.joining(single ? ONE_OF : SEPARATOR));
    }

    /** The random transformations of a strategy, in the order in which they are applied. */
    enum AugmentationKind {
        FLIP,
        COLOR,
        CROP,
        SCALE,
        ROTATE,
        CUTOUT;

        AffineImageTransform draw(ImageShape shape, RandomGenerator random) {
            return switch (this) {
                case FLIP -> Flip.draw(shape, random);
                case COLOR -> ColourJitter.draw(shape, random);
                case CROP -> Crop.draw(shape, random);
                case SCALE -> BilinearSampling.drawScale(shape, random);
                case ROTATE -> BilinearSampling.drawRotation(shape, random);
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
}
