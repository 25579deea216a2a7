package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sets, losses and snapshots recorded during a run.
 *
 * @param sets the sets to be evaluated and the final set, by number of completed outer iterations
 * @param losses mean matching loss of every inner loop; {@code NaN} if no class was matched
 * @param snapshots snapshots of every tenth inner loop of each outer iteration, starting with the first inner loop
 */
record RunRecording(Map<Integer, DistilledSet> sets, List<Double> losses, List<LoopSnapshot> snapshots) {

    RunRecording {
        sets = Map.copyOf(sets);
        losses = List.copyOf(losses);
        snapshots = List.copyOf(snapshots);
    }

    /**
     * The network and the images of one inner loop.
     *
     * @param loop number of inner loops of the run completed before this one, over all outer iterations
     * @param inner number of inner loops of the same outer iteration completed before this one
     * @param network the matching network
     * @param classes the images of each class, by class index
     */
    record LoopSnapshot(int loop, int inner, NetworkState network, List<VisitImages> classes) {

        LoopSnapshot {
            classes = List.copyOf(classes);
        }
    }

    /**
     * The images of one class in a visit.
     *
     * @param synthetic the synthetic images before the class step
     * @param real the real batch
     */
    record VisitImages(ImageBatch synthetic, List<Image> real) {}

    /** Returns the set that was recorded after {@code outer} outer iterations. */
    DistilledSet set(int outer) {
        return Optional.ofNullable(sets.get(outer))
                .orElseThrow(
                        () -> new IllegalArgumentException("no set was recorded after " + outer + " outer iterations"));
    }
}
