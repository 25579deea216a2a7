package dev.reverie.actors.expert;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Stores expert trajectories in memory, for runs that have no experts folder. Thread safe. */
public final class InMemoryExperts implements ExpertStore {

    private final Map<Integer, List<List<float[]>>> experts = new ConcurrentHashMap<>();

    @Override
    public boolean has(int expert) {
        return experts.containsKey(expert);
    }

    @Override
    public void put(int expert, List<List<float[]>> epochs) {
        experts.put(expert, List.copyOf(epochs));
    }

    @Override
    public List<float[]> epoch(int expert, int epoch) {
        return Objects.requireNonNull(experts.get(expert), "this expert was not trained")
                .get(epoch);
    }
}
