package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;

/**
 * A student's walk over the synthetic images of all classes, from where an expert once was to where it went.
 *
 * @param network whose number of classes the student has
 * @param memory the stored synthetic images of each class, not yet decoded, by the network's output
 * @param start the expert's parameters where the student begins, one array a tensor, in the network's order
 * @param target those some epochs later, where the student is to arrive
 * @param rate learning rate of the student, positive
 * @param seed of every random choice in this walk (batches, augmentation)
 */
public record RolloutTask(
        NetworkId network, List<ImageBatch> memory, List<float[]> start, List<float[]> target, double rate, long seed) {

    public RolloutTask {
        memory = List.copyOf(memory);
        start = List.copyOf(start);
        target = List.copyOf(target);
        if (memory.size() != network.classes()) {
            throw new IllegalArgumentException(
                    "a student of " + network.classes() + " classes walks over as many, got " + memory.size());
        }
        if (!(rate > 0)) {
            throw new IllegalArgumentException("a student's learning rate is positive, got " + rate);
        }
    }
}
