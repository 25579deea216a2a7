package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the method of the quick preset by the images. Methods that match what random and briefly trained networks see
 * suit classes whose mean images differ. Where they do not, the guidance of an expert is worth the time that its
 * training takes.
 */
public final class QuickMethodChoice {

    /** Images of each class for the means, and as many again to be classified by them. */
    private static final int IMAGES = 200;
    /** Below it, classes count as similar. Fashion-MNIST, which DREAM+ distils best, has 0.66, and CIFAR-10 0.19. */
    private static final double LEAST_SEPARABILITY = 0.4;
    /** With fewer images, more classes or larger ones, an expert has not been compared with other methods. */
    private static final int LEAST_IMAGES = 20_000;

    private static final int MOST_CLASSES = 20;
    private static final int MOST_PIXELS = 32 * 32;

    private QuickMethodChoice() {}

    /** Returns DREAM+, or TGDD for a large dataset of small images whose classes have similar mean images. */
    public static Method of(Dataset dataset) {
        boolean known = dataset.train().size() >= LEAST_IMAGES
                && dataset.classes() > 1
                && dataset.classes() <= MOST_CLASSES
                && dataset.shape().height() * dataset.shape().width() <= MOST_PIXELS;
        return known && separability(dataset) < LEAST_SEPARABILITY ? Method.TGDD : Method.DREAM_PLUS;
    }

    /**
     * Returns how well the mean images of the classes classify other images by the Euclidean distance of pixels: 0 as
     * well as chance, 1 without an error. It uses the first training images of at least two classes.
     */
    static double separability(Dataset dataset) {
        double chance = 1.0 / dataset.classes();
        return (meanAccuracy(dataset) - chance) / (1 - chance);
    }

    private static double meanAccuracy(Dataset dataset) {
        List<List<Image>> byClass = dataset.trainByClass();
        List<double[]> means = new ArrayList<>();
        for (List<Image> images : byClass) {
            means.add(mean(
                    images.subList(0, Math.min(IMAGES, images.size())),
                    dataset.shape().size()));
        }
        int correct = 0;
        int tested = 0;
        for (int label = 0; label < byClass.size(); label++) {
            List<Image> images = byClass.get(label);
            for (Image image : images.subList(Math.min(IMAGES, images.size()), Math.min(2 * IMAGES, images.size()))) {
                correct += nearest(image, means) == label ? 1 : 0;
                tested++;
            }
        }
        return tested == 0 ? 1 : (double) correct / tested;
    }

    private static double[] mean(List<Image> images, int size) {
        double[] mean = new double[size];
        for (Image image : images) {
            ByteBuffer levels = image.levels();
            for (int i = 0; i < size; i++) {
                mean[i] += (double) Byte.toUnsignedInt(levels.get(i)) / images.size();
            }
        }
        return mean;
    }

    private static int nearest(Image image, List<double[]> means) {
        ByteBuffer levels = image.levels();
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int label = 0; label < means.size(); label++) {
            double distance = 0;
            double[] mean = means.get(label);
            for (int i = 0; i < mean.length; i++) {
                double difference = Byte.toUnsignedInt(levels.get(i)) - mean[i];
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                nearest = label;
            }
        }
        return nearest;
    }
}
