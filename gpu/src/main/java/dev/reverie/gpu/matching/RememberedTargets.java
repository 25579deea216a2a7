package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.select.TargetSchedule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The mean features of real batches, for later class steps with the same seed, which determines the network and the
 * augmentation: a class sends the same batch with the same seed ({@link TargetSchedule}). A target that is no longer
 * remembered is computed again, with the same bits. The engines of a run or a service share their targets. Thread safe.
 */
public final class RememberedTargets {

    /** Twice what all classes use at a time, because a class that joins shortens what the others use. */
    private static final int MOST = 2 * TargetSchedule.KEPT_BY_ALL;

    private final Map<Key, float[]> targets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, float[]> eldest) {
            return size() > MOST;
        }
    };

    private record Key(long seed, Architecture architecture) {}

    synchronized Optional<double[]> find(long seed, Architecture architecture) {
        return Optional.ofNullable(targets.get(new Key(seed, architecture))).map(RememberedTargets::widened);
    }

    /** Remembers a target in single precision and returns what later steps will find. */
    synchronized double[] remember(long seed, Architecture architecture, double[] target) {
        float[] rounded = new float[target.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) target[i];
        }
        targets.put(new Key(seed, architecture), rounded);
        return widened(rounded);
    }

    private static double[] widened(float[] target) {
        return IntStream.range(0, target.length).mapToDouble(i -> target[i]).toArray();
    }
}
