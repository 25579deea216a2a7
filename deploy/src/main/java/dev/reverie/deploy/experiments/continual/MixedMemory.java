package dev.reverie.deploy.experiments.continual;

import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A memory of learned and real images of the same classes. */
final class MixedMemory {

    private MixedMemory() {}

    /** Returns the part of a budget that learned images take: half, rounded up. */
    static MemoryBudget learned(MemoryBudget budget) {
        return half(budget, images -> images - images / 2);
    }

    /** Returns the part of a budget that real images take: half, rounded down. */
    static MemoryBudget real(MemoryBudget budget) {
        return half(budget, images -> images / 2);
    }

    private static MemoryBudget half(MemoryBudget budget, IntUnaryOperator half) {
        return new MemoryBudget(
                half.applyAsInt(budget.imagesPerClass()),
                budget.bytesPerClass(),
                budget.totalImages().stream().map(half).findFirst(),
                budget.totalBytes(),
                budget.bits());
    }

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
