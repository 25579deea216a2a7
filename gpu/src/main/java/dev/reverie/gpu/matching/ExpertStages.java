package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.tensor.Kernels;
import java.util.List;
import java.util.Optional;

/** The expert that guides the class steps, as a network at each of two stages of its training. Not thread safe. */
final class ExpertStages implements AutoCloseable {

    private final DistillationSettings settings;
    private final ImageShape shape;
    private final Kernels kernels;
    private Optional<Network> matched = Optional.empty();
    private Optional<Network> later = Optional.empty();

    ExpertStages(DistillationSettings settings, ImageShape shape, Kernels kernels) {
        this.settings = settings;
        this.shape = shape;
        this.kernels = kernels;
    }

    /** Overwrites both networks with the parameters of a task. */
    void set(GuidanceTask task) {
        Architecture architecture = settings.network()
                .architecture(task.network().outer(), shape, task.network().classes());
        matched = Optional.of(filled(matched, architecture, task.matched()));
        later = Optional.of(filled(later, architecture, task.later()));
    }

    private Network filled(Optional<Network> held, Architecture architecture, List<float[]> parameters) {
        Network network = held.filter(one -> one.architecture().equals(architecture))
                .orElseGet(() -> {
                    held.ifPresent(Network::close);
                    return Network.fresh(architecture, kernels, Seeds.generator(settings.seed()));
                });
        network.setParameters(parameters);
        return network;
    }

    /** The expert at the earlier stage, whose features are matched; empty before the first task. */
    Optional<Network> matched() {
        return matched;
    }

    /** The expert at the later stage; empty before the first task. */
    Optional<Network> later() {
        return later;
    }

    @Override
    public void close() {
        matched.ifPresent(Network::close);
        later.ifPresent(Network::close);
    }
}
