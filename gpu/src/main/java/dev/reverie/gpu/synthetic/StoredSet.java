package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.SoftLabels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a distilled set stores: its synthetic images before they are decoded.
 *
 * @param images stored images, grouped by class
 * @param factor multi-formation factor with which the images are decoded, at least 1
 * @param normalisation mean and standard deviation of the real data
 */
public record StoredSet(
        ImageBatch images, List<Integer> labels, int factor, Normalisation normalisation, ClassList classes) {

    public StoredSet {
        labels = List.copyOf(labels);
        if (labels.size() != images.count()) {
            throw new IllegalArgumentException(
                    "expected one label per stored image, got " + labels.size() + " for " + images.count() + " images");
        }
        if (factor < 1) {
            throw new IllegalArgumentException("a multi-formation factor must be at least 1, got " + factor);
        }
        classes.requireAll(labels);
    }

    public static StoredSet of(DistilledSet set) {
        return new StoredSet(set.parameters(), set.parameterLabels(), set.factor(), set.normalisation(), set.classes());
    }

    /**
     * Rounds the stored images of a set to bytes, and decodes them to images of bytes. The decoded images are those of
     * the rounded stored ones, so that the images on which networks are trained can be computed from what is stored.
     */
    public static DistilledSet inBytes(DistilledSet learned) {
        StoredSet set = of(learned);
        return new StoredSet(set.images.as(Dtype.UINT8), set.labels, set.factor, set.normalisation, set.classes)
                .decoded(learned.softLabels());
    }

    /**
     * Decodes the images. The decoded ones have values of the same type as the stored ones.
     *
     * @throws IllegalArgumentException if the images are too small for the factor
     */
    public DistilledSet decoded() {
        return decoded(Optional.empty());
    }

    /** Decodes the images as {@link #decoded()} does, but an image only when it is read, each time. */
    public DistilledSet decodedOnDemand() {
        List<List<Integer>> byClass = byClass();
        MultiFormation formation = MultiFormation.of(factor, images.shape());
        ImageBatch decoded = factor == 1
                ? images
                : ImageBatch.chain(byClass.stream()
                        .map(one -> formation.decodeOnDemand(picked(one)))
                        .toList());
        return new DistilledSet(decoded, decodedLabels(byClass), images, labels, factor, normalisation, classes);
    }

    /** Picks the images when they are read. */
    private ImageBatch picked(List<Integer> one) {
        return ImageBatch.computed(
                images.shape(),
                one.size(),
                images.dtype(),
                indices -> images.pick(indices.stream().map(one::get).toList()));
    }

    /**
     * Decodes the images as {@link #decoded()} does.
     *
     * @throws IllegalArgumentException if the images are too small for the factor, or the soft labels do not fit
     */
    public DistilledSet decoded(Optional<SoftLabels> softLabels) {
        List<List<Integer>> byClass = byClass();
        return new DistilledSet(
                decodedImages(byClass),
                decodedLabels(byClass),
                softLabels,
                images,
                labels,
                factor,
                normalisation,
                classes);
    }

    /** Decodes the images class by class, since a distilled set is ordered by class first and then by cell. */
    private ImageBatch decodedImages(List<List<Integer>> byClass) {
        if (factor == 1 || images.count() == 0) {
            return images;
        }
        MultiFormation formation = MultiFormation.of(factor, images.shape());
        return ImageBatch.join(byClass.stream()
                .map(one -> formation.decode(images.pick(one)).as(images.dtype()))
                .toList());
    }

    private List<Integer> decodedLabels(List<List<Integer>> byClass) {
        List<Integer> decoded = new ArrayList<>();
        for (List<Integer> one : byClass) {
            decoded.addAll(Collections.nCopies(one.size() * factor * factor, labels.get(one.getFirst())));
        }
        return decoded;
    }

    /** Returns the indices of each run of equal labels. */
    private List<List<Integer>> byClass() {
        List<List<Integer>> runs = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= labels.size(); to++) {
            if (to == labels.size() || !labels.get(to).equals(labels.get(from))) {
                runs.add(IntStream.range(from, to).boxed().toList());
                from = to;
            }
        }
        return runs;
    }
}
