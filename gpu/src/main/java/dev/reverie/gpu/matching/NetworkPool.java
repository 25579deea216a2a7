package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The matching networks of an engine: those of the last outer iterations, each drawn from a seed of its own. A pool of
 * one network gives the schedule of IDC and DREAM. Acc-DD and DANCE use several networks of different ages, which makes
 * the class steps more diverse. IDM uses a queue of networks at all stages of their training. Not thread safe.
 */
final class NetworkPool implements AutoCloseable {

    private final DistillationSettings settings;
    private final ImageShape shape;
    private final Kernels kernels;
    private final List<Held> held = new ArrayList<>();
    /** The network for varied weights, by the kind of its architecture. */
    private final Map<Class<?>, Network> variants = new HashMap<>();

    NetworkPool(DistillationSettings settings, ImageShape shape, Kernels kernels) {
        this.settings = settings;
        this.shape = shape;
        this.kernels = kernels;
    }

    /**
     * A network of the pool.
     *
     * @param initial weights with which the network was drawn; empty unless blending needs them
     * @param accuracy share of the images of its latest training that the network classified correctly; 0 before
     */
    private record Held(NetworkId id, Network network, List<float[]> initial, double accuracy) {}

    /**
     * Returns the network of the newest outer iteration, with at least as many outputs as requested. A network that is
     * requested for the first time is drawn and joins the pool; if the pool is full, the oldest network leaves it. A
     * request for an earlier outer iteration gets the newest network, because a late caller can use that network as
     * well.
     */
    Network newest(NetworkId id) {
        if (held.isEmpty() || held.getLast().id().outer() < id.outer()) {
            admit(id);
        }
        return grown(held.size() - 1, id.classes()).network();
    }

    Network any(NetworkId id, long seed) {
        return choose(id, choice(seed)).network();
    }

    /**
     * Returns the network that {@link #any} returns for the same arguments, with the configured variation of its
     * weights. The result is valid until the next call.
     */
    Network varied(NetworkId id, long seed) {
        RandomGenerator random = choice(seed);
        Held chosen = choose(id, random);
        return switch (settings.network().variation()) {
            case NONE, QUEUED -> chosen.network();
            case BLENDED -> {
                Network mixed = variantOf(chosen.network().architecture());
                mixed.mix(random.nextDouble(), chosen.initial(), chosen.network());
                yield mixed;
            }
            case PERTURBED -> {
                Network moved = variantOf(chosen.network().architecture());
                new WeightPerturbation(random).apply(chosen.network(), moved);
                yield moved;
            }
            case REDRAWN -> {
                Network fresh = variantOf(chosen.network().architecture());
                fresh.redraw(random);
                yield fresh;
            }
        };
    }

    private static RandomGenerator choice(long seed) {
        return Seeds.generator(Seeds.of(seed, Purpose.POOL));
    }

    private Held choose(NetworkId id, RandomGenerator random) {
        newest(id);
        return grown(random.nextInt(held.size()), id.classes());
    }

    private Held grown(int place, int classes) {
        if (classes > held.get(place).id().classes()) {
            grow(place, classes);
        }
        return held.get(place);
    }

    private Network admit(NetworkId id) {
        if (held.size() == settings.network().pool()) {
            held.removeFirst().network().close();
        }
        Network drawn = drawn(id);
        held.add(new Held(id, drawn, initial(drawn), 0));
        return drawn;
    }

    private Network drawn(NetworkId id) {
        Architecture architecture = settings.network().architecture(id.outer(), shape, id.classes());
        return Network.fresh(architecture, kernels, generator(id.outer()));
    }

    /** The initial weights are those of a network that is drawn with as many outputs, as in a pool that is restored. */
    private void grow(int place, int classes) {
        Held small = held.get(place);
        NetworkId id = new NetworkId(small.id().outer(), classes);
        List<float[]> initial = small.initial().isEmpty() ? List.of() : redrawn(id);
        Network grown = small.network().withClasses(classes, generator(id.outer(), classes));
        held.set(place, new Held(id, grown, initial, small.accuracy()));
        small.network().close();
    }

    private List<float[]> redrawn(NetworkId id) {
        try (Network drawn = drawn(id)) {
            return initial(drawn);
        }
    }

    private List<float[]> initial(Network network) {
        return settings.network().variation() == NetworkVariation.BLENDED
                ? floats(network.parameters().tensors())
                : List.of();
    }

    private RandomGenerator generator(long... coordinates) {
        return Seeds.generator(Seeds.of(settings.seed(), Purpose.NETWORK, coordinates));
    }

    private Network variantOf(Architecture architecture) {
        Class<?> kind = architecture.getClass();
        Network before = variants.get(kind);
        if (before != null && !before.architecture().equals(architecture)) {
            variants.remove(kind); // first, in case that no network can be drawn in its place
            before.close();
        }
        return variants.computeIfAbsent(kind, _ -> Network.fresh(architecture, kernels, generator(0)));
    }

    /** The states of all networks, oldest first. */
    List<NetworkState> states() {
        return held.stream().map(NetworkPool::state).toList();
    }

    NetworkState state(Network network) {
        return state(held.get(place(network)));
    }

    /** The state of a network of this pool if it had been trained, with an accuracy in [0, 1], as its copy was. */
    NetworkState state(Network network, Network trainedCopy, double accuracy) {
        return state(held.get(place(network)).id(), trainedCopy, accuracy);
    }

    /** The training accuracy of a network of this pool, in [0, 1]; 0 before its first training. */
    double accuracy(Network network) {
        return held.get(place(network)).accuracy();
    }

    /** Records the accuracy of a network of this pool in a training that has ended. */
    void trained(Network network, double accuracy) {
        int place = place(network);
        Held before = held.get(place);
        held.set(place, new Held(before.id(), network, before.initial(), accuracy));
    }

    private int place(Network network) {
        return IntStream.range(0, held.size())
                .filter(place -> held.get(place).network() == network)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the network is not in this pool"));
    }

    private static NetworkState state(Held one) {
        return state(one.id(), one.network(), one.accuracy());
    }

    private static NetworkState state(NetworkId id, Network network, double accuracy) {
        return new NetworkState(
                id,
                floats(network.parameters().tensors()),
                floats(network.velocities().tensors()),
                accuracy);
    }

    /** Gives a network of this pool another state, for as many outputs. */
    void adopt(Network network, NetworkState state) {
        set(network, state);
        trained(network, state.accuracy());
    }

    /** Replaces all networks; the states are ordered oldest first. */
    void restore(List<NetworkState> states) {
        empty();
        for (NetworkState state : states) {
            adopt(admit(state.network()), state);
        }
    }

    private static void set(Network network, NetworkState state) {
        network.setParameters(state.parameters());
        network.velocities().setFloats(state.velocities());
    }

    private static List<float[]> floats(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::toFloats).toList();
    }

    private void empty() {
        held.forEach(one -> one.network().close());
        held.clear();
    }

    @Override
    public void close() {
        empty();
        variants.values().forEach(Network::close);
        variants.clear();
    }
}
