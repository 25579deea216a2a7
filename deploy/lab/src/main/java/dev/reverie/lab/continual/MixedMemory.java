package dev.reverie.lab.continual;

import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A memory of learned and real images of the same classes. */
final class MixedMemory {

    private MixedMemory() {}

    /** Returns the part of a budget that learned images take: half, rounded up. Real images take what they leave. */
    static MemoryBudget learned(MemoryBudget budget) {
        return new MemoryBudget(
                half(budget.imagesPerClass()),
                budget.coding(),
                budget.totalImages().stream().map(MixedMemory::half).findFirst(),
                budget.totalBytes());
    }

    private static int half(int images) {
        return images - images / 2;
    }

    /**
     * Joins the memories of each step.
     *
     * @param real a uniform sample of each class after each step, in random order and as large as the budget allows;
     *     factor 1, and the same class names, perhaps in another order
     * @param budget limits learned and real images together
     */
    static List<DistilledSet> of(List<DistilledSet> learned, List<DistilledSet> real, MemoryBudget budget) {
        return IntStream.range(0, learned.size())
                .mapToObj(step -> join(learned.get(step), real.get(step), budget))
                .toList();
    }

    private static DistilledSet join(DistilledSet learned, DistilledSet real, MemoryBudget budget) {
        List<String> names = real.classes().names();
        int share = budget.images(names.size());
        List<LabelledImage> joined = new ArrayList<>(labelled(learned, names));
        int[] stored = new int[names.size()];
        joined.forEach(image -> stored[image.label()]++);
        labelled(real, names).stream()
                .filter(image -> stored[image.label()]++ < share)
                .forEach(joined::add);
        return DistilledSet.of(joined, real.normalisation(), names);
    }

    private static List<LabelledImage> labelled(DistilledSet set, List<String> names) {
        List<Image> images = set.parameters().toImages();
        return IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(
                        images.get(i),
                        names.indexOf(set.classes().nameOf(set.parameterLabels().get(i)))))
                .toList();
    }
}
