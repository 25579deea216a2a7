package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A point of the learning curves: the state of learning at one point in time.
 *
 * @param samples number of durable samples of all classes, without duplicates
 * @param innerLoops number of inner loops completed over the life of the store
 * @param matchingLoss mean matching loss of the inner loops since the point before; empty if there were none
 * @param heldOutAccuracy latest held-out accuracy; empty before the first evaluation
 * @param losses latest matching loss of each class that has one, by its label
 */
record LearningPoint(
        Instant at,
        long samples,
        long innerLoops,
        OptionalDouble matchingLoss,
        OptionalDouble heldOutAccuracy,
        @JsonIgnore Map<String, Double> losses)
        implements Timeline.Entry<LearningPoint> {

    LearningPoint {
        losses = Map.copyOf(losses);
    }

    /** Returns the number of losses of classes in some points together. */
    static long losses(List<LearningPoint> points) {
        return points.stream().mapToLong(point -> point.losses().size()).sum();
    }

    @Override
    public Set<String> labels() {
        return losses.keySet();
    }

    @Override
    public LearningPoint without(String label) {
        Map<String, Double> others = new HashMap<>(losses);
        others.remove(label);
        return new LearningPoint(at, samples, innerLoops, matchingLoss, heldOutAccuracy, others);
    }
}
