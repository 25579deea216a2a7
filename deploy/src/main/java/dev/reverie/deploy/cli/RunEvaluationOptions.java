package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.PeriodicEvaluation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that evaluate the set while it is distilled. */
final class RunEvaluationOptions {

    private static final int WIDTH = 64;
    private static final int STEPS = 1050;

    @Option(
            names = "--evaluate-every",
            paramLabel = "T",
            description = "Evaluate the set at the start, whenever this time has passed, and at the end, and write the"
                    + " accuracies to history.csv. Evaluations do not count towards --time-limit or any other time.")
    Optional<Duration> interval = Optional.empty();

    @Option(
            names = "--evaluate-width",
            paramLabel = "W",
            description = "Channels of the ConvNet that each evaluation trains (default: " + WIDTH + ").")
    Optional<Integer> width = Optional.empty();

    @Option(
            names = "--evaluate-steps",
            paramLabel = "N",
            description = "Gradient steps of its training (default: " + STEPS + ").")
    Optional<Integer> steps = Optional.empty();

    /**
     * Checks the options before any data is read.
     *
     * @throws InputException if a number is out of range, or has no effect
     */
    void check() {
        OptionCheck.range("--evaluate-width", width, 1, 4096);
        OptionCheck.range("--evaluate-steps", steps, 1, OptionCheck.MANY);
        requireInterval("--evaluate-width", width);
        requireInterval("--evaluate-steps", steps);
    }

    private void requireInterval(String option, Optional<Integer> said) {
        if (said.isPresent() && interval.isEmpty()) {
            throw new InputException(
                    option + " is only for runs that are evaluated: add --evaluate-every, or omit the option");
        }
    }

    /**
     * Checks that the set can be evaluated.
     *
     * @throws InputException if the dataset has no test images, or its images are too small for a ConvNet
     */
    void requireFitting(Dataset dataset) {
        if (interval.isEmpty()) {
            return;
        }
        if (dataset.test().isEmpty()) {
            throw new InputException(dataset.name() + " has no test images, on which --evaluate-every measures the"
                    + " accuracy: add images of the classes to its test folder, or omit the option");
        }
        if (!NetworkChoice.fits(dataset.shape(), NetworkChoice.suitableDepth(dataset.shape()))) {
            throw new InputException("images of " + dataset.shape() + " are too small for the network that"
                    + " --evaluate-every trains: scale folder:PATH with --resize, or omit the option");
        }
    }

    /** Returns the evaluation of a run with the given settings; empty if none is wanted. */
    Optional<PeriodicEvaluation> of(Dataset dataset, DistillationSettings run) {
        return interval.map(every -> new PeriodicEvaluation(every, settings(dataset, run)));
    }

    private EvaluationSettings settings(Dataset dataset, DistillationSettings run) {
        TrainingRecipe recipe = PublishedRecipe.IDC.of(new PublishedRecipe.Target(
                dataset.name(), run.ipc(), run.factor(), dataset.classes(), EvaluationNetwork.CONVNET, Double.NaN));
        return EvaluationSettingsBuilder.builder()
                .recipe(recipe)
                .width(width.orElse(WIDTH))
                .depth(NetworkChoice.suitableDepth(dataset.shape()))
                .seed(run.seed())
                .steps(Optional.of(steps.orElse(STEPS)))
                .build();
    }
}
