package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Assembles the stored images of all classes, as learned: in floats. The images are clamped to [0, 1] and ordered by
 * class.
 */
public final class DistilledSetAssembler {

    private DistilledSetAssembler() {}

    /**
     * Assembles the stored images.
     *
     * @param snapshots snapshots of the classes in the order of their indices, not empty, all with the same image shape
     * @param classes all classes of the set, including any without a snapshot
     * @param factor multi-formation factor, at least 1
     * @param normalisation mean and standard deviation of each channel of the real images
     */
    public static StoredSet assemble(
            List<ClassSnapshot> snapshots, ClassList classes, int factor, Normalisation normalisation) {
        List<ImageBatch> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (ClassSnapshot snapshot : snapshots) {
            images.add(snapshot.average().clamped());
            labels.addAll(Collections.nCopies(snapshot.average().count(), snapshot.classIndex()));
        }
        return new StoredSet(ImageBatch.join(images), labels, factor, normalisation, classes);
    }
}
