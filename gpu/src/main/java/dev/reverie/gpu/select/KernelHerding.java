package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses the synthetic images of a class to keep when fewer are allowed: greedily those whose cells are distributed
 * like the cells of all, by the maximum mean discrepancy (Gretton et al., 2012) with a Gaussian kernel as wide as the
 * mean squared distance. A subset serves training best if it represents all images without repeating itself.
 */
public final class KernelHerding {

    /** Computes the similarity of any two images as the mean over pairs of their cells. */
    private final double[][] kernel;

    private final double[] toAll;
    private final double[] toChosen;
    private final List<Integer> chosen = new ArrayList<>();
    private double amongChosen;

    private KernelHerding(double[][] kernel) {
        this.kernel = kernel;
        this.toAll = Arrays.stream(kernel)
                .mapToDouble(row -> Arrays.stream(row).average().orElseThrow())
                .toArray();
        this.toChosen = new double[kernel.length];
    }

    /**
     * Chooses the images to keep.
     *
     * @param cells decoded images of one class, stored image by stored image
     * @param each number of cells per stored image
     * @param count number of images to keep, at most all
     * @return their indices, best first
     */
    public static List<Integer> of(Features cells, int each, int count) {
        KernelHerding best = new KernelHerding(kernel(cells, each));
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
     * The mean squared distance between two cells, which is twice their variance; 1 if all cells are equal, because any
     * width then gives the same result.
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
     * The squared discrepancy between all images and the chosen ones with one more, without the terms that do not
     * depend on the choice.
     */
    private double discrepancyWith(int more) {
        double size = chosen.size() + 1;
        double toAllOfThem = chosen.stream().mapToDouble(image -> toAll[image]).sum() + toAll[more];
        return (amongChosen + 2 * toChosen[more] + kernel[more][more]) / (size * size) - 2 * toAllOfThem / size;
    }
}
