package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.ForeignFile;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.ScheduleSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained network of another program that chooses real images in place of a network of this one. */
final class ChoiceOptions {

    @Option(
            names = "--features",
            paramLabel = "FILE",
            description = "ONNX file of a trained network whose features choose the initial images and the"
                    + " representatives, in place of those of the matching network: its output 'features', or its only"
                    + " one.")
    Optional<Path> features = Optional.empty();

    @Option(
            names = "--observer",
            paramLabel = "FILE",
            description = "For rded: ONNX file of a trained network that rates crops and labels images, in place of one"
                    + " that is trained first: its output 'logits', or its only one, with the classes of the dataset in"
                    + " their order, or those that its metadata name as 'classes', separated by commas.")
    Optional<Path> observer = Optional.empty();

    @Mixin
    final ForeignOptions images = new ForeignOptions();

    boolean isSet() {
        return features.isPresent();
    }

    void check() {
        Optional<String> used = features.map(_ -> "--features").or(() -> observer.map(_ -> "--observer"));
        images.check(used, "--features or --observer");
    }

    /**
     * Checks that the options have an effect.
     *
     * @throws InputException if the method does not choose images in this way
     */
    void checkEffects(Method method, EffectCheck effects) {
        effects.candidates("--features", features);
        if (features.isPresent() && (method.hasObserver() || method == Method.FORGETTING)) {
            throw new InputException("--features does not apply to --method " + method.label()
                    + (method.hasObserver()
                            ? ": add --observer instead"
                            : ", which watches a training: omit the option"));
        }
        if (observer.isPresent() && !method.hasObserver()) {
            throw new InputException("--observer is only for --method rded, not for " + method.label()
                    + ": omit the option, or choose --features");
        }
    }

    /** No network is trained for a choice that another one makes. */
    ScheduleSettings of(ScheduleSettings base) {
        return features.isPresent() || observer.isPresent() ? base.withSelectionSamples(0) : base;
    }

    /** Opens the network, so that one that does not fit is refused at once. */
    Optional<ForeignFile> network(Dataset dataset) {
        return features.map(file -> images.features(file, dataset.shape()))
                .or(() -> observer.map(file -> images.classifier(file, dataset.shape(), dataset.classNames())));
    }
}
