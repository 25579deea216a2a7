package dev.reverie.gpu.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A distilled set: the stored synthetic images and the images to which they decode. {@link NpzFile} reads and writes
 * distilled sets.
 *
 * @param images decoded images for training, in [0, 1], not normalised
 * @param softLabels a teacher network's distribution over the classes for each image, if the method uses a teacher
 * @param parameters stored synthetic images, not decoded
 * @param parameterLabels class index of each stored image
 * @param factor multi-formation factor with which {@code parameters} are decoded to {@code images}, at least 1
 * @param normalisation mean and standard deviation of the real data
 */
public record DistilledSet(
        ImageBatch images,
        List<Integer> labels,
        Optional<SoftLabels> softLabels,
        ImageBatch parameters,
        List<Integer> parameterLabels,
        int factor,
        Normalisation normalisation,
        ClassList classes) {

    public DistilledSet {
        labels = List.copyOf(labels);
        parameterLabels = List.copyOf(parameterLabels);
        if (labels.size() != images.count() || parameterLabels.size() != parameters.count()) {
            throw new IllegalArgumentException("expected one label per image, got " + labels.size() + " for "
                    + images.count() + " images and " + parameterLabels.size() + " for " + parameters.count()
                    + " stored images");
        }
        if (factor < 1) {
            throw new IllegalArgumentException("a multi-formation factor must be at least 1, got " + factor);
        }
        if (softLabels.isPresent()) {
            SoftLabels soft = softLabels.get();
            if (soft.count() != images.count() || soft.classes() != classes.size()) {
                throw new IllegalArgumentException("expected soft labels of " + classes.size() + " classes for "
                        + images.count() + " images, got " + soft.count() + " of " + soft.classes() + " classes");
            }
        }
        classes.requireAll(labels);
        classes.requireAll(parameterLabels);
    }

    /** Creates a set with hard labels. */
    public DistilledSet(
            ImageBatch images,
            List<Integer> labels,
            ImageBatch parameters,
            List<Integer> parameterLabels,
            int factor,
            Normalisation normalisation,
            ClassList classes) {
        this(images, labels, Optional.empty(), parameters, parameterLabels, factor, normalisation, classes);
    }

    /**
     * Creates a set that stores whole images, in bytes, grouped by class.
     *
     * @param samples at least one image, with the index of its class among {@code classNames}
     */
    public static DistilledSet of(List<LabelledImage> samples, Normalisation normalisation, List<String> classNames) {
        List<LabelledImage> byClass = samples.stream()
                .sorted(Comparator.comparingInt(LabelledImage::label))
                .toList();
        ImageBatch images =
                ImageBatch.of(byClass.stream().map(LabelledImage::image).toList());
        List<Integer> labels = byClass.stream().map(LabelledImage::label).toList();
        return new DistilledSet(images, labels, images, labels, 1, normalisation, ClassList.of(classNames));
    }

    /** Whether the stored images are the decoded ones, so that a file needs to contain them only once. */
    public boolean storesDecoded() {
        return factor == 1 && labels.equals(parameterLabels) && images.hasValuesOf(parameters);
    }

    /** Number of stored images per class, rounded down, at least 1. */
    public int storedPerClass() {
        return Math.max(1, parameters.count() / classes.size());
    }

    /** Size of the stored images and the soft labels, if any, in bytes. */
    public long storedBytes() {
        long soft = softLabels
                .map(labels -> (long) labels.count() * labels.classes() * Float.BYTES)
                .orElse(0L);
        return parameters.bytes() + soft;
    }

    public DistilledSet withSoftLabels(SoftLabels soft) {
        return new DistilledSet(
                images, labels, Optional.of(soft), parameters, parameterLabels, factor, normalisation, classes);
    }

    /** Whether the images seem to have been normalised, as other programs store them: many values are negative. */
    public boolean isNormalised() {
        if (images.dtype() == Dtype.UINT8) {
            return false;
        }
        return IntStream.range(0, images.count())
                .anyMatch(i -> Arrays.stream(images.values(i)).anyMatch(value -> value < Normalisation.BELOW));
    }

    /** Returns the set whose images become the given ones when they are normalised like the real images. */
    public DistilledSet denormalised(Normalisation real) {
        return new DistilledSet(
                real.undo(images), labels, softLabels, real.undo(parameters), parameterLabels, factor, real, classes);
    }

    public DistilledSet withHardLabels() {
        return new DistilledSet(images, labels, parameters, parameterLabels, factor, normalisation, classes);
    }

    /** Returns the set whose decoded images are the stored ones as they are, for example whole mosaics. */
    public DistilledSet withoutDecoding() {
        return new DistilledSet(parameters, parameterLabels, parameters, parameterLabels, 1, normalisation, classes);
    }

    /**
     * Returns the training target of an image, with one value per class in the order of {@link #classes}: its soft
     * label, or its one-hot label if the set has no soft labels.
     */
    public double[] target(int image) {
        return softLabels
                .map(soft -> soft.of(image))
                .orElseGet(() -> OneHotLabels.of(classes.positionOf(labels.get(image)), classes.size()));
    }

    /**
     * Creates a set from some of the decoded images, which become its stored images.
     *
     * @param indices indices of the images, in order; an index may occur more than once
     */
    public DistilledSet pick(List<Integer> indices) {
        ImageBatch picked = images.pick(indices);
        List<Integer> pickedLabels = indices.stream().map(labels::get).toList();
        Optional<SoftLabels> soft = softLabels.map(all -> all.pick(indices));
        return new DistilledSet(picked, pickedLabels, soft, picked, pickedLabels, 1, normalisation, classes);
    }
}
