package dev.reverie.deploy.cli;

import dev.reverie.deploy.evaluate.ProbeEvaluation;
import dev.reverie.deploy.evaluate.ProbeEvaluation.ProbeResult;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.foreign.ForeignModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained network of another program with whose features a set is judged. */
final class ProbeOptions {

    @Option(
            names = "--probe",
            paramLabel = "FILE",
            description = "Train no networks, but a linear classifier on the features of a trained network in an ONNX"
                    + " file (its output 'features', or its only one), and compare the set with real images that take"
                    + " as many bytes.")
    Optional<Path> probe = Optional.empty();

    @Mixin
    final ForeignOptions foreign = new ForeignOptions();

    boolean isGiven() {
        return probe.isPresent();
    }

    void check(boolean hasObserver) {
        Optional<String> used = probe.map(_ -> "--probe");
        foreign.check(hasObserver ? Optional.of("--observer") : used, "--probe or --observer");
    }

    /**
     * Judges a set.
     *
     * @param bytes size of the stored images of all classes
     * @return what is printed: a table, or a line of JSON
     */
    String run(DistilledSet set, long bytes, TestImages tested, long seed, CliContext context, boolean json) {
        ImageShape shape = set.images().shape();
        long each = Math.max(1, bytes / set.classes().size());
        try (ForeignModel model = ForeignModel.open(foreign.unopened(probe.orElseThrow()), shape);
                ProgressView view = context.progress(json).begin("Probing")) {
            List<ProbeResult> results =
                    new ProbeEvaluation(model, set, tested.training(), tested.images(), each, seed).run(view);
            return json ? JsonOutput.line(results) : ProbeResult.table(results, each);
        }
    }
}
