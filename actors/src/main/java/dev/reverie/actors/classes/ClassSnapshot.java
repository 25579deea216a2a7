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
 * @param average their running average, same shape: what is handed out
 * @param representatives indices into the reservoir; empty before the first refresh
 * @param refreshedAt the loop before which they were chosen; empty before the first refresh
 * @param batchesDrawn random real batches drawn so far, where the method matches those
 */
public record ClassSnapshot(
        int label,
        ImageBatch images,
        ImageBatch velocity,
        ImageBatch average,
        List<Integer> representatives,
        Optional<Position> refreshedAt,
        long batchesDrawn) {

    public ClassSnapshot {
        representatives = List.copyOf(representatives);
        requireOneEach(images, velocity, "velocity");
        requireOneEach(images, average, "average");
    }

    private static void requireOneEach(ImageBatch images, ImageBatch batch, String name) {
        if (images.count() != batch.count() || !images.shape().equals(batch.shape())) {
            throw new IllegalArgumentException("want one " + name + " for each image, got " + batch.count() + " of "
                    + batch.shape() + " for " + images.count() + " of " + images.shape());
        }
    }
}
