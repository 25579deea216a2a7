package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Random crops of real images, which serve as the candidates of RDED (CVPR 2024): several crops per image, each with
 * the proportions of the image and 8 % to 100 % of its area, enlarged to the size of the image. RDED selects the crops
 * with the lowest loss under an observer network, at most one per image.
 *
 * <p>With a multi-formation factor, every pixel is the mean of the factor * factor pixels of which
 * {@link MultiFormation#compose} keeps the first, so that a crop is reduced to its cell without aliasing.
 */
public final class RandomCrops {

    /** Crops per image, as in the published scripts. */
    public static final int PER_IMAGE = 5;

    private static final double LEAST_AREA = 0.08;

    private final int sources;
    private final int factor;
    private final List<Image> crops;

    private RandomCrops(int sources, int factor, List<Image> crops) {
        this.sources = sources;
        this.factor = factor;
        this.crops = crops;
    }

    /** Draws crops of one or more images of the same shape, which will be composed with a multi-formation factor. */
    public static RandomCrops of(List<Image> sources, int factor, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<Image> crops = new ArrayList<>();
        for (Image source : sources) {
            for (int i = 0; i < PER_IMAGE; i++) {
                crops.add(crop(source, factor, random));
            }
        }
        return new RandomCrops(sources.size(), factor, crops);
    }

    private static Image crop(Image source, int factor, RandomGenerator random) {
        ImageShape shape = source.shape();
        double side = Math.sqrt(random.nextDouble(LEAST_AREA, 1));
        int height = Math.clamp(Math.round(side * shape.height()), 1, shape.height());
        int width = Math.clamp(Math.round(side * shape.width()), 1, shape.width());
        int top = random.nextInt(shape.height() - height + 1);
        int left = random.nextInt(shape.width() - width + 1);
        return averaged(enlarged(source, top, left, height, width), factor, shape);
    }

    private static double[] enlarged(Image source, int top, int left, int height, int width) {
        ImageShape shape = source.shape();
        BilinearUpsampling enlargement = BilinearUpsampling.of(height, width, shape);
        double[] values = source.values();
        double[] large = new double[values.length];
        double[] small = new double[enlargement.size()];
        for (int plane = 0; plane < values.length; plane += shape.planeSize()) {
            for (int row = 0; row < height; row++) {
                System.arraycopy(values, plane + (top + row) * shape.width() + left, small, row * width, width);
            }
            enlargement.apply(small, large, plane);
        }
        return large;
    }

    private static Image averaged(double[] values, int factor, ImageShape shape) {
        byte[] levels = new byte[values.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(Image.MAX_LEVEL * mean(values, i, factor, shape));
        }
        return Image.of(shape, levels);
    }

    /** Returns the mean of a square that begins with the pixel at {@code first} and may be cut off by the edges. */
    private static double mean(double[] values, int first, int side, ImageShape shape) {
        int inPlane = first % shape.planeSize();
        int rows = Math.min(side, shape.height() - inPlane / shape.width());
        int columns = Math.min(side, shape.width() - inPlane % shape.width());
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                sum += values[first + row * shape.width() + column];
            }
        }
        return sum / (rows * columns);
    }

    /** Returns the crops as they look after they have been composed into cells and decoded. */
    public ImageBatch seen() {
        if (factor == 1) {
            return ImageBatch.of(crops);
        }
        MultiFormation formation = MultiFormation.of(factor, crops.getFirst().shape());
        return ImageBatch.join(crops.stream()
                .map(crop -> formation
                        .decode(formation.compose(Collections.nCopies(formation.cells(), crop)))
                        .pick(List.of(0)))
                .toList());
    }

    /**
     * Returns the best crop of each of the best images, best first, by the loss of the crop at an index of
     * {@link #seen}.
     */
    public List<Image> best(int count, ToDoubleFunction<Integer> loss) {
        return IntStream.range(0, sources)
                .mapToObj(source -> IntStream.range(source * PER_IMAGE, (source + 1) * PER_IMAGE)
                        .boxed()
                        .min(Comparator.comparingDouble(loss))
                        .orElseThrow())
                .sorted(Comparator.comparingDouble(loss))
                .limit(count)
                .map(crops::get)
                .toList();
    }
}
