package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** The expert that guides the class steps, as a network at each of two stages of its training. Not thread safe. */
final class ExpertStages implements AutoCloseable {

    private final DistillationSettings settings;
    private final ImageShape shape;
    private final Kernels kernels;
    private Optional<ConvNet> matched = Optional.empty();
    private Optional<ConvNet> later = Optional.empty();

    ExpertStages(DistillationSettings settings, ImageShape shape, Kernels kernels) {
        this.settings = settings;
        this.shape = shape;
        this.kernels = kernels;
    }

    /** Overwrites both networks with the parameters of a task. */
    void set(GuidanceTask task) {
        Architecture architecture = new Architecture(
                shape,
                task.network().classes(),
                settings.network().width(),
                settings.network().depth());
        matched = Optional.of(filled(matched, architecture, task.matched()));
        later = Optional.of(filled(later, architecture, task.later()));
    }

    private ConvNet filled(Optional<ConvNet> held, Architecture architecture, List<float[]> parameters) {
        ConvNet network = held.filter(one -> one.architecture().equals(architecture))
                .orElseGet(() -> {
                    held.ifPresent(ConvNet::close);
                    return ConvNet.fresh(architecture, kernels, Seeds.generator(settings.seed()));
                });
        List<Tensor> tensors = network.parameters().tensors();
        for (int i = 0; i < tensors.size(); i++) {
            tensors.get(i).setFloats(parameters.get(i));
        }
        network.parametersChanged();
        return network;
    }

    /** The expert at the earlier stage, whose features are matched; empty before the first task. */
    Optional<ConvNet> matched() {
        return matched;
    }

    /** The expert at the later stage; empty before the first task. */
    Optional<ConvNet> later() {
        return later;
    }

    @Override
    public void close() {
        matched.ifPresent(ConvNet::close);
        later.ifPresent(ConvNet::close);
    }
}
