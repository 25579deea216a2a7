package dev.reverie.gpu.formation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stores learned images in 8 bits per value. The decoded images are those of the rounded stored ones, so that the
 * images on which networks are trained can be computed from what is stored.
 */
public final class Quantisation {

    private Quantisation() {}

    /**
     * Rounds a set to unsigned bytes: the stored images, then the images to which these decode.
     *
     * @param learned a set whose stored images are in [0, 1] and grouped by class
     */
    public static DistilledSet toBytes(DistilledSet learned) {
        ImageBatch stored = learned.parameters().as(Dtype.UINT8);
        boolean decoded = learned.factor() == 1 || stored.count() == 0;
        return new DistilledSet(
                decoded ? stored : decode(stored, learned.parameterLabels(), learned.factor()),
                learned.labels(),
                learned.softLabels(),
                stored,
                learned.parameterLabels(),
                learned.factor(),
                learned.normalisation(),
                learned.classes());
    }

    /** Decodes the images class by class, since a distilled set is ordered by class first and then by cell. */
    private static ImageBatch decode(ImageBatch stored, List<Integer> labels, int factor) {
        MultiFormation formation = MultiFormation.of(factor, stored.shape());
        List<ImageBatch> decoded = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= labels.size(); to++) {
            if (to == labels.size() || !labels.get(to).equals(labels.get(from))) {
                ImageBatch one = stored.pick(IntStream.range(from, to).boxed().toList());
                decoded.add(formation.decode(one).as(Dtype.UINT8));
                from = to;
            }
        }
        return ImageBatch.join(decoded);
    }
}
