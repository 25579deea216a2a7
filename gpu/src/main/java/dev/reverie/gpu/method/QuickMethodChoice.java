package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the method of the quick preset by the images. Methods that match what random and briefly trained networks see
 * suit classes whose mean images differ. Where they do not, the guidance of an expert is worth the time that its
 * training takes. For large images, such as photographs, that is not measured: the choice there is DM, the method of a
 * service, which trains no network.
 */
public final class QuickMethodChoice {

    /** Most images of each class for the means, and as many again to be classified by them. */
    private static final int IMAGES = 200;
    /** Most large images of all classes for both, because decoding them takes time. */
    private static final int LARGE_IMAGES = 2_000;

    /** Below it, classes count as similar. Fashion-MNIST, which DREAM+ distils best, has 0.66, and CIFAR-10 0.19. */
    private static final double LEAST_SEPARABILITY = 0.4;
    /** With fewer images or more classes, an expert has not been compared with other methods. */
    private static final int LEAST_IMAGES = 20_000;

    private static final int MOST_CLASSES = 20;
    private static final int MOST_PIXELS = 32 * 32;

    private QuickMethodChoice() {}

    /**
     * Returns DREAM+ or, if the classes have similar mean images, DM for images of more than 32x32 pixels, and TGDD for
     * a large dataset of smaller ones.
     */
    public static Method of(Dataset dataset) {
        if (dataset.classes() < 2) {
            return Method.DREAM_PLUS;
        }
        if (dataset.shape().planeSize() > MOST_PIXELS) {
            int images = Math.clamp(LARGE_IMAGES / (2 * dataset.classes()), 1, IMAGES);
            return separability(dataset, images) < LEAST_SEPARABILITY ? Method.DM : Method.DREAM_PLUS;
        }
        boolean known = dataset.train().size() >= LEAST_IMAGES && dataset.classes() <= MOST_CLASSES;
        return known && separability(dataset, IMAGES) < LEAST_SEPARABILITY ? Method.TGDD : Method.DREAM_PLUS;
    }

    /**
     * Returns how well the mean images of the classes classify other images by the Euclidean distance of pixels: 0 as
     * well as chance, 1 without an error. It uses the first training images of at least two classes.
     *
     * @param most maximum number of images of each class for the means, and as many again to be classified; of a class
     *     with fewer than twice as many, half of its images make the mean
     */
    static double separability(Dataset dataset, int most) {
        double chance = 1.0 / dataset.classes();
        return (meanAccuracy(dataset, most) - chance) / (1 - chance);
    }

    private static double meanAccuracy(Dataset dataset, int most) {
        List<List<Image>> byClass = dataset.trainByClass();
        List<double[]> means = new ArrayList<>();
        for (List<Image> images : byClass) {
            means.add(
                    mean(images.subList(0, means(images, most)), dataset.shape().size()));
        }
        int correct = 0;
        int tested = 0;
        for (int label = 0; label < byClass.size(); label++) {
            List<Image> images = byClass.get(label);
            for (Image image : images.subList(means(images, most), Math.min(2 * most, images.size()))) {
                correct += nearest(image, means) == label ? 1 : 0;
                tested++;
            }
        }
        return tested == 0 ? 1 : (double) correct / tested;
    }

    /** Number of images for the mean, rounded up, so that a single image has one. */
    private static int means(List<Image> images, int most) {
        return Math.min(most, (images.size() + 1) / 2);
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
