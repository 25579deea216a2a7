package dev.reverie.actors.checkpoint;

import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.List;
import java.util.Optional;

/**
 * The whole state of a run between two inner loops. A run that goes on from it ends with the same bits as one that was
 * never interrupted.
 *
 * @param position the loop to do next
 * @param cursor how far the network's training has read in the real images
 * @param classes by class index
 * @param joined real images of the classes that are not in the dataset but joined the run, in order; their indices
 *     follow those of the dataset
 * @param networks the matching networks that the next loop goes on with, oldest first
 * @param studentRate learning rate of the student, where one follows experts
 */
public record Checkpoint(
        RunFingerprint configuration,
        LoopPosition position,
        EpochSampler.Cursor cursor,
        List<ClassSnapshot> classes,
        List<ClassImages> joined,
        List<NetworkState> networks,
        Optional<StudentLearningRate> studentRate) {

    public Checkpoint {
        classes = List.copyOf(classes);
        joined = List.copyOf(joined);
        networks = List.copyOf(networks);
    }
}
