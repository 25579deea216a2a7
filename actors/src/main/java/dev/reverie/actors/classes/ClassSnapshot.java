package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.Position;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;
import java.util.Optional;

/**
 * Everything about a class that a run changes.
 *
 * @param label class index
 * @param images stored synthetic images, not clamped
 * @param velocity their momentum, same shape
 * @param representatives indices into the reservoir; empty before the first refresh
 * @param refreshedAt the loop before which they were chosen; empty before the first refresh
 * @param batchesDrawn random real batches drawn so far, where the method matches those
 */
public record ClassSnapshot(
        int label,
        ImageBatch images,
        ImageBatch velocity,
        List<Integer> representatives,
        Optional<Position> refreshedAt,
        long batchesDrawn) {

    public ClassSnapshot {
        representatives = List.copyOf(representatives);
        if (images.count() != velocity.count() || !images.shape().equals(velocity.shape())) {
            throw new IllegalArgumentException("want a velocity for each image, got " + velocity.count() + " of "
                    + velocity.shape() + " for " + images.count() + " of " + images.shape());
        }
    }
}
