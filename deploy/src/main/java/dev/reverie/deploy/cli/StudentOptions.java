package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.continual.ContinualPlan.Students;
import dev.reverie.deploy.experiments.continual.Protocol;
import dev.reverie.deploy.experiments.continual.TrainingLength;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.method.Presets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The networks that learn from a memory. */
final class StudentOptions {

    @Option(
            names = "--network",
            paramLabel = "N",
            description = "That learns from the memories: any that evaluate takes, for example convnet-3 or resnet-10"
                    + " (default: a ConvNet of as many blocks as the dataset is distilled with).")
    Optional<String> network = Optional.empty();

    @Option(
            names = "--width",
            paramLabel = "W",
            description = "Channels of a ConvNet that learns from the memories (default: 48 with fresh, 128 with gdumb"
                    + " and idc, as published).")
    Optional<Integer> width = Optional.empty();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Networks that learn from each memory (default: 1, and 3 with gdumb, as published).")
    Optional<Integer> repeats = Optional.empty();

    @Option(
            names = "--training-steps",
            paramLabel = "N",
            description = "Gradient steps of each training, instead of --epochs (default: 2100 with fresh).")
    Optional<Integer> trainingSteps = Optional.empty();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes of each training over the memory; the learning rate drops at the same shares of any"
                    + " number (default: 1001 with gdumb and 1000 with idc, as published).")
    Optional<Integer> epochs = Optional.empty();

    /**
     * Looks at what was given.
     *
     * @throws InputException if it cannot be meant
     */
    void check() {
        RangeCheck.check("--width", width, 1, 4096);
        RangeCheck.check("--repeats", repeats, 1, 1000);
        RangeCheck.check("--training-steps", trainingSteps, 1, 1_000_000);
        RangeCheck.check("--epochs", epochs, 1, 1_000_000);
        if (trainingSteps.isPresent() && epochs.isPresent()) {
            throw new InputException("--training-steps and --epochs both say how long to train: give one of them");
        }
    }

    /**
     * The networks for a dataset.
     *
     * @throws InputException if there is no such network, or none for these images
     */
    Students of(Protocol protocol, Dataset dataset) {
        NetworkChoice choice = choice(dataset);
        int channels = width.orElse(protocol.width());
        choice.requireFitting(dataset.shape(), dataset.classes(), channels);
        return new Students(
                choice.label(),
                choice.network(),
                choice.depth(),
                channels,
                repeats.orElse(protocol.repeats()),
                length(protocol));
    }

    private NetworkChoice choice(Dataset dataset) {
        if (network.isEmpty()) {
            return new NetworkChoice(EvaluationNetwork.CONVNET, Presets.depth(dataset.shape()));
        }
        List<NetworkChoice> named = NetworkChoice.named(network.get());
        if (named.size() > 1) {
            throw new InputException("--network names one network here, not " + named.size());
        }
        return named.getFirst();
    }

    private TrainingLength length(Protocol protocol) {
        return epochs.<TrainingLength>map(TrainingLength.Epochs::new)
                .or(() -> trainingSteps.map(TrainingLength.Steps::new))
                .orElseGet(protocol::length);
    }
}
