package dev.reverie.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The state of learning at one point in time.
 *
 * @param samples number of durable samples of all classes, without duplicates
 * @param innerLoops number of inner loops completed over the life of the store
 * @param matchingLoss mean matching loss of the inner loops since the point before; empty if there were none
 * @param heldOutAccuracy latest held-out accuracy; empty before the first evaluation
 * @param losses latest matching loss of each class that has one, by its label
 */
public record CurvePoint(
        Instant at,
        long samples,
        long innerLoops,
        OptionalDouble matchingLoss,
        OptionalDouble heldOutAccuracy,
        @JsonIgnore Map<String, Double> losses) {

    public CurvePoint {
        losses = Map.copyOf(losses);
    }

    CurvePoint without(String label) {
        Map<String, Double> others = losses.entrySet().stream()
                .filter(loss -> !loss.getKey().equals(label))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        return new CurvePoint(at, samples, innerLoops, matchingLoss, heldOutAccuracy, others);
    }
}
