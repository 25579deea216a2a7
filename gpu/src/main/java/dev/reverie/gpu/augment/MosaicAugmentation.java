package dev.reverie.gpu.augment;

import dev.reverie.gpu.augment.TrainingAugmentation.BatchAugmentation;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
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
                        .then(BilinearSampling.drawCrop(shape, 1.0 / factor, random))
                        .then(flip);
    }

    /**
     * Exchanges the patches of a mosaic: puts its vertical strips in another order, then its horizontal strips. The
     * adjoint restores the order.
     *
     * @param rows for each row of the result, the row of the image
     * @param columns for each column of the result, the column of the image
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ShuffledPatches(ImageShape shape, int[] rows, int[] columns) implements AffineImageTransform {

        /**
         * Draws the order of the strips.
         *
         * @param strips number of strips in each direction, at least 1; the last strip has the pixels that are left
         *     over
         */
        static ShuffledPatches draw(ImageShape shape, int strips, RandomGenerator random) {
            int[] columns = shuffled(shape.width(), strips, random);
            return new ShuffledPatches(shape, shuffled(shape.height(), strips, random), columns);
        }

        private static int[] shuffled(int pixels, int strips, RandomGenerator random) {
            int[] order = permutation(strips, random);
            int length = pixels / strips;
            int[] sources = new int[pixels];
            int at = 0;
            for (int strip : order) {
                int end = strip == strips - 1 ? pixels : (strip + 1) * length;
                for (int source = strip * length; source < end; source++) {
                    sources[at++] = source;
                }
            }
            return sources;
        }

        private static int[] permutation(int count, RandomGenerator random) {
            int[] order = new int[count];
            Arrays.setAll(order, i -> i);
            for (int i = count - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int moved = order[i];
                order[i] = order[j];
                order[j] = moved;
            }
            return order;
        }

        @Override
        public double[] apply(double[] image) {
            double[] result = new double[image.length];
            for (int pixel = 0; pixel < image.length; pixel++) {
                result[pixel] = image[source(pixel)];
            }
            return result;
        }

        @Override
        public double[] adjoint(double[] gradient) {
            double[] result = new double[gradient.length];
            for (int pixel = 0; pixel < gradient.length; pixel++) {
                result[source(pixel)] = gradient[pixel];
            }
            return result;
        }

        private int source(int pixel) {
            int within = pixel % shape.planeSize();
            int row = rows[within / shape.width()];
            return pixel - within + row * shape.width() + columns[within % shape.width()];
        }
    }
}
