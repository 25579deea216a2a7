package dev.reverie.gpu.formation;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.SoftLabels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Stores learned images in 8, 4 or 2 bits per value. The decoded images are those of the rounded stored ones, so that
 * the images on which networks are trained can be computed from what is stored.
 */
public final class Quantisation {

    private Quantisation() {}

    /**
     * Rounds a set to unsigned bytes: the stored images, then the images to which these decode.
     *
     * @param learned a set whose stored images are in [0, 1] and grouped by class
     */
    public static DistilledSet toBytes(DistilledSet learned) {
        return to(Bits.EIGHT, learned);
    }

    /**
     * Stores the stored images in the given number of bits per value, then decodes them to images of unsigned bytes.
     *
     * @param learned a set whose stored images are in [0, 1] and grouped by class
     */
    public static DistilledSet to(Bits bits, DistilledSet learned) {
        ImageBatch stored = learned.parameters().in(bits);
        return new DistilledSet(
                decode(stored, learned.parameterLabels(), learned.factor()),
                learned.labels(),
                learned.softLabels(),
                stored,
                learned.parameterLabels(),
                learned.factor(),
                learned.normalisation(),
                learned.classes());
    }

    /**
     * Completes a set of which only the stored images were kept.
     *
     * @param stored a set of unsigned bytes whose images are its stored images
     * @param factor the factor by which the stored images are decoded
     * @param softLabels the soft labels of the decoded images
     * @throws IllegalArgumentException if the images are too small for the factor, or the soft labels do not fit
     */
    static DistilledSet decoded(DistilledSet stored, int factor, Optional<SoftLabels> softLabels) {
        ImageBatch images = decode(stored.images(), stored.labels(), factor);
        List<Integer> labels = new ArrayList<>();
        for (List<Integer> one : byClass(stored.labels())) {
            labels.addAll(Collections.nCopies(
                    one.size() * factor * factor, stored.labels().get(one.getFirst())));
        }
        return new DistilledSet(
                images,
                labels,
                softLabels,
                stored.images(),
                stored.labels(),
                factor,
                stored.normalisation(),
                stored.classes());
    }

    /** Decodes the images class by class, since a distilled set is ordered by class first and then by cell. */
    private static ImageBatch decode(ImageBatch stored, List<Integer> labels, int factor) {
        if (factor == 1 || stored.count() == 0) {
            return stored;
        }
        MultiFormation formation = MultiFormation.of(factor, stored.shape());
        return ImageBatch.join(byClass(labels).stream()
                .map(one -> formation.decode(stored.pick(one)).as(Dtype.UINT8))
                .toList());
    }

    /** Returns the indices of each run of equal labels. */
    private static List<List<Integer>> byClass(List<Integer> labels) {
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
