package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.select.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses which of its stored images a class keeps when its budget shrinks. Images are chosen greedily to minimise the
 * maximum mean discrepancy (Gretton et al., 2012) between the cells of the kept images and the cells of all images,
 * with the Gaussian kernel exp(-d^2 / w), where w is the mean squared distance between two cells. A subset is best for
 * training if it represents all images without redundancy.
 */
public final class KeptImages {

    /** Similarity of each pair of images: the mean over the pairs of their cells. */
    private final double[][] kernel;

    private final double[] toAll;
    private final double[] toChosen;
    private final List<Integer> chosen = new ArrayList<>();
    private double amongChosen;

    private KeptImages(double[][] kernel) {
        this.kernel = kernel;
        this.toAll = Arrays.stream(kernel)
                .mapToDouble(row -> Arrays.stream(row).average().orElseThrow())
                .toArray();
        this.toChosen = new double[kernel.length];
    }

    /** Returns the indices of the images to keep, in ascending order, at most as many as there are. */
    public static List<Integer> of(ImageBatch stored, int factor, int count) {
        return bestFirst(cells(stored, factor), factor * factor, count).stream()
                .sorted()
                .toList();
    }

    /** Returns the decoded cells in the order of the stored images. */
    private static Features cells(ImageBatch stored, int factor) {
        MultiFormation formation = MultiFormation.of(factor, stored.shape());
        List<Integer> byImage = IntStream.range(0, stored.count() * formation.cells())
                .map(i -> i % formation.cells() * stored.count() + i / formation.cells())
                .boxed()
                .toList();
        return Features.of(
                stored.shape().size(), formation.decode(stored).pick(byImage).toArray());
    }

    /** Chooses images by their cells, of which {@code each} consecutive ones belong to an image. */
    static List<Integer> bestFirst(Features cells, int each, int count) {
        KeptImages best = new KeptImages(kernel(cells, each));
        while (best.chosen.size() < count) {
            best.chooseOne();
        }
        return List.copyOf(best.chosen);
    }

    private static double[][] kernel(Features cells, int each) {
        int images = cells.count() / each;
        double width = meanSquaredDistance(cells);
        double[][] kernel = new double[images][images];
        for (int a = 0; a < cells.count(); a++) {
            for (int b = 0; b < cells.count(); b++) {
                kernel[a / each][b / each] += Math.exp(-cells.squaredDistance(a, b) / width) / ((double) each * each);
            }
        }
        return kernel;
    }

    /**
     * Returns the mean squared distance between two cells, which is twice the variance of all cells; returns 1 if all
     * cells are equal, because any kernel width then gives the same result.
     */
    private static double meanSquaredDistance(Features cells) {
        double[] mean = cells.mean();
        double sum = IntStream.range(0, cells.count())
                .mapToDouble(cell -> cells.squaredDistance(cell, mean))
                .sum();
        return sum > 0 ? 2 * sum / cells.count() : 1;
    }

    private void chooseOne() {
        int next = IntStream.range(0, kernel.length)
                .boxed()
                .filter(image -> !chosen.contains(image))
                .min(Comparator.comparingDouble(this::discrepancyWith))
                .orElseThrow();
        amongChosen += 2 * toChosen[next] + kernel[next][next];
        chosen.add(next);
        for (int image = 0; image < kernel.length; image++) {
            toChosen[image] += kernel[image][next];
        }
    }

    /**
     * Returns the squared discrepancy between all images and the chosen images plus one more, without the terms that do
     * not depend on the choice.
     */
    private double discrepancyWith(int more) {
        double size = chosen.size() + 1;
        double toAllOfThem = chosen.stream().mapToDouble(image -> toAll[image]).sum() + toAll[more];
        return (amongChosen + 2 * toChosen[more] + kernel[more][more]) / (size * size) - 2 * toAllOfThem / size;
    }
}
