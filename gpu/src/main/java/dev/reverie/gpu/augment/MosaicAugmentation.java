package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The augmentation with which RDED trains networks on whole mosaics: exchanges their patches, then enlarges a part that
 * has at least the area of a row of patches, then flips with probability 1/2. Immutable and thread safe.
 *
 * @param factor number of patches along each side, at least 1; with 1, images are only flipped
 */
record MosaicAugmentation(ImageShape shape, int factor) implements BatchAugmentation {

    @Override
    public List<AffineImageTransform> drawEach(int count, RandomGenerator random) {
        return Stream.generate(() -> draw(random)).limit(count).toList();
    }

    private AffineImageTransform draw(RandomGenerator random) {
        AffineImageTransform flip = Flip.draw(shape, random);
        return factor == 1
                ? flip
                : ShuffledPatches.draw(shape, factor, random)
                        .then(ResizedCrop.draw(shape, 1.0 / factor, random))
                        .then(flip);
    }
}
