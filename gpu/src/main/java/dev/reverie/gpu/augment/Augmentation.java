package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Differentiable augmentation of normalised images. Composed as in IDC and DREAM: flip, then colour, then one of crop,
 * scale and rotate, then cutout, each where the strategy names it. Flip (with probability 1/2), colour and cutout are
 * applied every time; of the other three one is drawn for a whole batch. Or as in DSA and DM: one of all that are named
 * is drawn for a whole batch. Immutable and thread safe.
 */
public final class Augmentation {

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
     * Reads a strategy: names out of {@code flip}, {@code color}, {@code crop}, {@code scale}, {@code rotate} and
     * {@code cutout}, in any order, joined by underscores where they are composed and by bars where one of them is
     * drawn, or {@code none}.
     *
     * @throws IllegalArgumentException naming the first unknown or repeated name
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
                        + "'; join names out of "
                        + Arrays.stream(AugmentationKind.values())
                                .map(AugmentationKind::token)
                                .collect(Collectors.joining(", "))
                        + " by underscores or, for one of them at a time, by bars, or say none"));
    }

    /** One draw for every image of a batch: the siamese augmentation of matching. */
    public ImageMap draw(RandomGenerator random) {
        return drawSample(drawBatch(random), random);
    }

    /**
     * A draw of its own for each image of a batch; which of crop, scale and rotate it is, they share.
     *
     * @param count images in the batch, at least 0
     */
    public List<ImageMap> drawEach(int count, RandomGenerator random) {
        Set<AugmentationKind> applied = drawBatch(random);
        List<ImageMap> maps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            maps.add(drawSample(applied, random));
        }
        return List.copyOf(maps);
    }

    /** The primitives that one batch goes through, in order. */
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

    private ImageMap drawSample(Set<AugmentationKind> applied, RandomGenerator random) {
        ImageMap map = ImageMap.identity();
        for (AugmentationKind primitive : applied) {
            map = map.then(primitive.draw(shape, random));
        }
        return map;
    }

    /** The strategy in canonical order, as {@link #of} reads it. */
    @Override
    public String toString() {
        return primitives.isEmpty()
                ? NONE
                : primitives.stream()
                        .map(AugmentationKind::token)
                        .collect(Collectors.joining(single ? ONE_OF : SEPARATOR));
    }
}
