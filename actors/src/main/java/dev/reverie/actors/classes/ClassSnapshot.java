package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of the parts of a class's state that a distillation changes. If its components change, checkpoints and
 * messages need a new version.
 *
 * @param images stored synthetic images, not clamped
 * @param velocity momentum of the images; has the same shape as {@code images}
 * @param average running average of the images; has the same shape as {@code images}; clients receive this average
 * @param representatives indices into the reservoir of the last candidates; empty before the first refresh
 * @param refreshedAt position of the inner loop before which the representatives were last refreshed; empty before the
 *     first refresh
 * @param batchesDrawn number of batches of real images drawn at random so far
 */
public record ClassSnapshot(
        int classIndex,
        ImageBatch images,
        ImageBatch velocity,
        ImageBatch average,
        List<Integer> representatives,
        Optional<LoopPosition> refreshedAt,
        long batchesDrawn)
        implements Transferable {

    public ClassSnapshot {
        representatives = List.copyOf(representatives);
        requireOneEach(images, velocity, "velocity");
        requireOneEach(images, average, "average");
    }

    private static void requireOneEach(ImageBatch images, ImageBatch batch, String name) {
        if (images.count() != batch.count() || !images.shape().equals(batch.shape())) {
            throw new IllegalArgumentException("needs one " + name + " for each image, but got " + batch.count()
                    + " of " + batch.shape() + " for " + images.count() + " of " + images.shape());
        }
    }
}
