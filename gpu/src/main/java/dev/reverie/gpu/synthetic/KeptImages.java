package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.KernelHerding;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses which of its stored images a class keeps when its share of a memory shrinks. */
public final class KeptImages {

    private KeptImages() {}

    /**
     * Chooses the images whose decoded cells represent those of all images best, by {@link KernelHerding}.
     *
     * @param factor multi-formation factor of the images
     * @param count number of images to keep, at most the number of stored images
     * @return indices of the images to keep, in ascending order
     */
    public static List<Integer> of(ImageBatch stored, int factor, int count) {
        return KernelHerding.of(cells(stored, factor), factor * factor, count).stream()
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
}
