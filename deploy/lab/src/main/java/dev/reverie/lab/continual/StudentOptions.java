package dev.reverie.lab.continual;

import dev.reverie.deploy.cli.NetworkChoice;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.continual.ContinualPlan.Students;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options of the networks that are trained on a memory. */
final class StudentOptions {

    @Option(
            names = "--network",
            paramLabel = "N",
            description = "Network to train on the memories: any network of reverie evaluate, for example convnet-3 or"
                    + " resnet-10 (default: a ConvNet with as many blocks as the matching network).")
    Optional<String> network = Optional.empty();

    @Option(
            names = "--width",
            paramLabel = "W",
            description = "Channels of a ConvNet that is trained on the memories (default: " + Protocol.QUICK_WIDTH
                    + " for fresh and replay; for gdumb and idc, the published 128).")
    Optional<Integer> width = Optional.empty();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Number of networks to train on each memory (default: 1; for gdumb, the published 3).")
    Optional<Integer> repeats = Optional.empty();

    @Option(
            names = "--training-steps",
            paramLabel = "N",
            description = "Gradient steps to train each network, instead of --epochs (default: " + Protocol.QUICK_STEPS
                    + " for fresh).")
    Optional<Integer> trainingSteps = Optional.empty();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs to train each network after each step. The learning rate drops at fixed fractions"
                    + " of the epochs, except for replay (default: as published, 1001 for gdumb and 1000 for idc; 1"
                    + " for replay).")
    Optional<Integer> epochs = Optional.empty();

    void check() {
        OptionCheck.range("--width", width, 1, 4096);
        OptionCheck.range("--repeats", repeats, 1, 1000);
        OptionCheck.range("--training-steps", trainingSteps, 1, OptionCheck.MANY);
        OptionCheck.range("--epochs", epochs, 1, OptionCheck.MANY);
        if (trainingSteps.isPresent() && epochs.isPresent()) {
            throw new InputException(
                    "--training-steps and --epochs both set the length of a training: use only one of them");
        }
    }

    Students of(Protocol protocol, Dataset dataset) {
        NetworkChoice choice = choice(dataset);
        int channels = width.orElse(protocol.width());
        choice.requireFitting(dataset.shape(), dataset.classes(), channels);
        return new Students(
                choice.label(),
                choice.network(),
                choice.depthFor(dataset.shape()),
                channels,
                repeats.orElse(protocol.repeats()),
                trainingSteps.or(() -> epochs.isPresent() ? Optional.empty() : protocol.trainingSteps()),
                epochs);
    }

    private NetworkChoice choice(Dataset dataset) {
        if (network.isEmpty()) {
            return new NetworkChoice(EvaluationNetwork.CONVNET, OptionalInt.of(Presets.depth(dataset.shape())));
        }
        List<NetworkChoice> named = NetworkChoice.named(network.get());
        if (named.size() > 1) {
            throw new InputException("--network takes one network here, not " + named.size());
        }
        return named.getFirst().suiting(dataset.shape());
    }
}
