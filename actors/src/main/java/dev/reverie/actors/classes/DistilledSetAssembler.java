package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.formation.DeadZone;
import dev.reverie.gpu.formation.MultiFormation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Assembles the distilled set of all classes, as learned: in floats. The images are clamped to [0, 1], decoded and
 * ordered by class.
 */
public final class DistilledSetAssembler {

    private DistilledSetAssembler() {}

    /**
     * Assembles the distilled set.
     *
     * @param snapshots snapshots of the classes in the order of their indices, not empty, all with the same image shape
     * @param classes all classes of the set, including any without a snapshot
     * @param factor multi-formation factor, at least 1
     * @param normalisation mean and standard deviation of each channel of the real images
     * @param deadZone applied to the stored images
     * @throws IllegalArgumentException if the images are too small for the factor
     */
    public static DistilledSet assemble(
            List<ClassSnapshot> snapshots,
            ClassList classes,
            int factor,
            Normalisation normalisation,
            DeadZone deadZone) {
        ImageShape shape = snapshots.getFirst().images().shape();
        MultiFormation formation = MultiFormation.of(factor, shape);
        List<ImageBatch> stored = new ArrayList<>();
        List<ImageBatch> decoded = new ArrayList<>();
        List<Integer> storedLabels = new ArrayList<>();
        List<Integer> decodedLabels = new ArrayList<>();
        for (ClassSnapshot snapshot : snapshots) {
            ImageBatch images = deadZone.appliedTo(snapshot.average());
            ImageBatch full = formation.decode(images);
            stored.add(images);
            decoded.add(full);
            storedLabels.addAll(Collections.nCopies(images.count(), snapshot.label()));
            decodedLabels.addAll(Collections.nCopies(full.count(), snapshot.label()));
        }
        ImageBatch all = ImageBatch.join(stored);
        return new DistilledSet(
                factor == 1 ? all : ImageBatch.join(decoded),
                decodedLabels,
                all,
                storedLabels,
                factor,
                normalisation,
                classes);
    }
}
