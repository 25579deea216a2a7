package dev.reverie.actors.checkpoint;

import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.joint.StudentLearningRate;
import java.util.List;
import java.util.Optional;

/**
 * The complete state of a run between two inner loops. A run that resumes from a checkpoint gives the same result, bit
 * for bit, as a run that was not interrupted.
 *
 * @param position position of the next loop
 * @param cursor position of the sampler that draws the training images
 * @param classes snapshots of the classes, by class index
 * @param joined real images of the classes that joined during the run, in order of joining; the indices of these
 *     classes follow those of the dataset's classes
 * @param networks matching networks that the next loop continues to use, oldest first
 * @param studentRate learning rate of the student, if the method trains one
 */
public record RunCheckpoint(
        RunFingerprint fingerprint,
        LoopPosition position,
        EpochSampler.Cursor cursor,
        List<ClassSnapshot> classes,
        List<ClassImages> joined,
        List<NetworkState> networks,
        Optional<StudentLearningRate> studentRate) {

    public RunCheckpoint {
        classes = List.copyOf(classes);
        joined = List.copyOf(joined);
        networks = List.copyOf(networks);
    }
}
