package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.method.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sets of equal stored size, judged by the same evaluation.
 *
 * @param scores the learned set first
 */
public record Comparison(List<SetScore> scores) {

    private static final Set<Method> CORESETS = Set.of(Method.RANDOM, Method.HERDING, Method.K_CENTER, Method.K_MEANS);

    public Comparison {
        scores = List.copyOf(scores);
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("a comparison needs a learned set to compare");
        }
    }

    /** The learned set. */
    public SetScore learned() {
        return scores.getFirst();
    }

    /** The initialisation as it is, if it is among them. */
    public Optional<SetScore> start() {
        return scores.stream().filter(score -> score.method() == Method.TILE).findFirst();
    }

    /** The best selection of real images, if there is one among them. */
    public Optional<SetScore> bestCoreset() {
        return scores.stream()
                .filter(score -> CORESETS.contains(score.method()))
                .max(Comparator.comparingDouble(SetScore::mean));
    }

    /** How much better the learned set is, in percentage points. */
    public double gainOver(SetScore other) {
        return 100 * (learned().mean() - other.mean());
    }
}
