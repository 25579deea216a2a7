package dev.reverie.lab.continual;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A memory as networks get it.
 *
 * @param set what the stored images decode to
 * @param bytes coded size of the stored images
 */
record StoredMemory(DistilledSet set, long bytes) {

    /** Joins two memories of the same classes, perhaps in another order, whose factor is 1. */
    static StoredMemory join(StoredMemory learned, StoredMemory real) {
        List<String> names = real.set.classes().names();
        List<LabelledImage> joined = Stream.of(learned, real)
                .flatMap(memory -> labelled(memory.set, names))
                .toList();
        return new StoredMemory(DistilledSet.of(joined, real.set.normalisation(), names), learned.bytes + real.bytes);
    }

    private static Stream<LabelledImage> labelled(DistilledSet set, List<String> names) {
        List<Image> images = set.parameters().toImages();
        return IntStream.range(0, images.size())
                .mapToObj(i -> new LabelledImage(
                        images.get(i),
                        names.indexOf(set.classes().nameOf(set.parameterLabels().get(i)))));
    }
}
