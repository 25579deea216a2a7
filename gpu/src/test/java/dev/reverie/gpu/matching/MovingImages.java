package dev.reverie.gpu.matching;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Stored images that move along a direction. */
final class MovingImages {

    private final double[][] origin;
    private final double[][] direction;

    /**
     * Creates images before the first step.
     *
     * @param origin the values of each image
     * @param direction change of each value per unit of the step
     */
    MovingImages(double[][] origin, double[][] direction) {
        this.origin = origin;
        this.direction = direction;
    }

    /** Draws images and a direction, with values in [0, 1). */
    static MovingImages random(SplittableRandom random, int images, int size) {
        return new MovingImages(values(random, images, size), values(random, images, size));
    }

    private static double[][] values(SplittableRandom random, int images, int size) {
        return IntStream.range(0, images)
                .mapToObj(i -> random.doubles(size).toArray())
                .toArray(double[][]::new);
    }

    /** Returns the images before the first step. */
    double[][] origin() {
        return origin;
    }

    /** Returns the images after a step. */
    double[][] at(double step) {
        double[][] moved = new double[origin.length][];
        for (int i = 0; i < origin.length; i++) {
            moved[i] = origin[i].clone();
            for (int at = 0; at < moved[i].length; at++) {
                moved[i][at] += step * direction[i][at];
            }
        }
        return moved;
    }

    /** Returns the slope along the direction of a loss with this gradient. */
    double slope(List<double[]> gradient) {
        double slope = 0;
        for (int i = 0; i < direction.length; i++) {
            for (int at = 0; at < direction[i].length; at++) {
                slope += gradient.get(i)[at] * direction[i][at];
            }
        }
        return slope;
    }
}
