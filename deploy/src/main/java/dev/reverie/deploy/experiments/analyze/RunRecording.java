package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.dataset.DistilledSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a run.
 *
 * @param sets by outer iterations done, where somebody wants it judged, and at the end
 * @param losses mean matching loss of every inner loop, {@code NaN} where no class was matched
 * @param moments every tenth inner loop of each outer iteration, in order
 */
record RunRecording(Map<Integer, DistilledSet> sets, List<Double> losses, List<LoopSnapshot> moments) {

    RunRecording {
        sets = Map.copyOf(sets);
        losses = List.copyOf(losses);
        moments = List.copyOf(moments);
    }

    /** The set that the run has after some outer iterations, one of the marks. */
    DistilledSet set(int outer) {
        return Optional.ofNullable(sets.get(outer))
                .orElseThrow(() -> new IllegalArgumentException("no set is kept after " + outer + " iterations"));
    }
}
