package dev.reverie.gpu.formation;

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
 */
public final class RandomCrops {

    /** Crops per image, as in the published scripts. */
    public static final int PER_IMAGE = 5;

    private static final double LEAST_AREA = 0.08;

    private final int sources;
    private final List<Image> crops;

    private RandomCrops(int sources, List<Image> crops) {
        this.sources = sources;
        this.crops = crops;
    }

    /**
     * Draws crops of the given images.
     *
     * @param sources one or more images, all of the same shape
     * @param seed seed of the positions and sizes of the crops
     */
    public static RandomCrops of(List<Image> sources, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<Image> crops = new ArrayList<>();
        for (Image source : sources) {
            for (int i = 0; i < PER_IMAGE; i++) {
                crops.add(crop(source, random));
            }
        }
        return new RandomCrops(sources.size(), crops);
    }

    private static Image crop(Image source, RandomGenerator random) {
        ImageShape shape = source.shape();
        double side = Math.sqrt(random.nextDouble(LEAST_AREA, 1));
        int height = Math.clamp(Math.round(side * shape.height()), 1, shape.height());
        int width = Math.clamp(Math.round(side * shape.width()), 1, shape.width());
        int top = random.nextInt(shape.height() - height + 1);
        int left = random.nextInt(shape.width() - width + 1);
        return enlarged(source, top, left, height, width);
    }

    private static Image enlarged(Image source, int top, int left, int height, int width) {
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
        byte[] levels = new byte[large.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(Image.MAX_LEVEL * large[i]);
        }
        return Image.of(shape, levels);
    }

    /** Returns the crops as they look after they have been composed into cells and decoded. */
    public ImageBatch seen(int factor) {
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
     * Returns the best crop of each of the best images, best first.
     *
     * @param count number of crops, at most the number of images
     * @param loss returns the loss of the crop at an index of {@link #seen}; a smaller loss is better
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
