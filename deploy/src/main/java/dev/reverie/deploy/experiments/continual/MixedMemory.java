package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A memory of learned and real images of the same classes. */
final class MixedMemory {

    private MixedMemory() {}

    /**
     * Joins the memories of each step.
     *
     * @param learned the learned memory after each step; factor 1
     * @param real the coreset after each step; factor 1, and the same class names, perhaps in another order
     */
    static List<DistilledSet> of(List<DistilledSet> learned, List<DistilledSet> real) {
        return IntStream.range(0, learned.size())
                .mapToObj(step -> join(learned.get(step), real.get(step)))
                .toList();
    }

    private static DistilledSet join(DistilledSet learned, DistilledSet real) {
        List<String> names = real.classes().names();
        return DistilledSet.of(
                Stream.concat(labelled(learned, names), labelled(real, names)).toList(), real.normalisation(), names);
    }

    private static Stream<LabelledImage> labelled(DistilledSet set, List<String> names) {
        List<Image> images = set.parameters().toImages();
        return IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(
                        images.get(i),
                        names.indexOf(set.classes().nameOf(set.parameterLabels().get(i)))));
    }
}
