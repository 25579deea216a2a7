package dev.reverie.actors.evaluation;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Memories of one image per class. */
final class Memories {

    /** Bytes of a memory per class. */
    static final int BYTES_PER_CLASS = Samples.SHAPE.size() * Float.BYTES;

    private Memories() {}

    /** Creates a memory of these classes; an empty name leaves out the index of a forgotten class. */
    static DistilledSet of(String... names) {
        TreeMap<Integer, String> namesByIndex = new TreeMap<>();
        IntStream.range(0, names.length)
                .filter(index -> !names[index].isEmpty())
                .forEach(index -> namesByIndex.put(index, names[index]));
        ClassList classes = ClassList.of(namesByIndex);
        List<Integer> labels = classes.indices();
        ImageBatch images = ImageBatch.of(Samples.SHAPE, new float[labels.size() * Samples.SHAPE.size()]);
        return new DistilledSet(
                images, labels, images, labels, 1, new Normalisation(List.of(0.5), List.of(0.25)), classes);
    }
}
