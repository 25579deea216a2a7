package dev.reverie.gpu.dataset;

import java.util.List;

/**
 * A distilled memory: what is stored and learned, and what it decodes to. Written and read as NPZ.
 *
 * @param images decoded, ready to train on, in [0, 1], not normalised
 * @param labels class index of each image
 * @param parameters what is stored (classes * ipc images)
 * @param parameterLabels class index of each stored image
 * @param factor multi-formation factor that decodes {@code parameters} to {@code images}, at least 1
 * @param normalisation of the real data
 * @param classNames by class index
 */
public record DistilledSet(
        ImageBatch images,
        List<Integer> labels,
        ImageBatch parameters,
        List<Integer> parameterLabels,
        int factor,
        Normalisation normalisation,
        List<String> classNames) {

    public DistilledSet {
        labels = List.copyOf(labels);
        parameterLabels = List.copyOf(parameterLabels);
        classNames = List.copyOf(classNames);
        if (labels.size() != images.count() || parameterLabels.size() != parameters.count()) {
            throw new IllegalArgumentException("want one label an image, got " + labels.size() + " for "
                    + images.count() + " images and " + parameterLabels.size() + " for " + parameters.count()
                    + " stored images");
        }
        if (factor < 1) {
            throw new IllegalArgumentException("a multi-formation factor is at least 1, got " + factor);
        }
    }

    /**
     * A set of some of the decoded images alone: they are stored as they are.
     *
     * @param indices of the images, in that order; one may be taken more than once
     */
    public DistilledSet pick(List<Integer> indices) {
        ImageBatch picked = images.pick(indices);
        List<Integer> theirs = indices.stream().map(labels::get).toList();
        return new DistilledSet(picked, theirs, picked, theirs, 1, normalisation, classNames);
    }
}
