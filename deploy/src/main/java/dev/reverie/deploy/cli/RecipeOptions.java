package dev.reverie.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.ObserverFile;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.evaluate.TrainingRecipe;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.method.ForeignFile;
import dev.reverie.gpu.network.Predictor;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The training of evaluation networks: a published recipe, and the options that override it. */
final class RecipeOptions {

    @Option(
            names = "--recipe",
            paramLabel = "R",
            defaultValue = "idc",
            description = "Training recipe: idc is that of IDC and DREAM, dm of DSA and DM, dc of DC, mtt of MTT, dance"
                    + " of DANCE and TGDD, rded of RDED, and ddr of the demonstration of DD-Ranking (default:"
                    + " ${DEFAULT-VALUE}).")
    PublishedRecipe recipe = PublishedRecipe.IDC;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Training epochs on the set (default: as published, 1000 for idc and ddr, 1001 for dm and mtt,"
                            + " 301 for dc, 300 for rded, and 1500 for dance; but 1001 for dc on mnist, and 400 for idc"
                            + " with a densenet on mosaics, 50 or more per class).")
    Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "Instead of --epochs: number of gradient steps, so that networks are trained equally on sets of"
                            + " different sizes.")
    Optional<Integer> steps = Optional.empty();

    @Option(
            names = "--observer",
            paramLabel = "FILE",
            description =
                    "For --recipe rded: file of the network that labels each batch, observer.npz of a run or an ONNX file (default: the observer.npz that"
                            + " a run with --method rded has written next to SET).")
    Optional<Path> observer = Optional.empty();

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Initial learning rate of the networks (default: 0.01; for rded, 0.001, or 0.002"
                    + " for a ConvNet on cifar100; for mtt, the rate that the student of the run has learned, from the"
                    + " run.json next to the set).")
    Optional<Double> learningRate = Optional.empty();

    /**
     * Checks the options before any data is read.
     *
     * @param scores whether DD-Ranking scores are requested, which are defined for whole epochs
     * @param hardLabels whether the classes are requested as targets
     * @throws InputException if an option is out of range, or excludes another one
     */
    void check(boolean scores, boolean hardLabels) {
        OptionCheck.range("--epochs", epochs, 1, OptionCheck.MANY);
        OptionCheck.range("--steps", steps, 1, OptionCheck.MANY);
        OptionCheck.positive("--learning-rate", learningRate);
        if (steps.isPresent() && epochs.isPresent()) {
            throw new InputException("--steps and --epochs both set the length of the training: omit one");
        }
        if (observer.isPresent() && !recipe.usesObserver()) {
            throw new InputException("--observer only affects --recipe rded: add that, or omit --observer");
        }
        if (recipe.usesObserver() && hardLabels) {
            throw new InputException(
                    "--labels hard excludes --recipe rded, which uses labels of an observer: omit one");
        }
        if (recipe.usesObserver() && scores) {
            throw new InputException("--scores compares labels of the set, but the recipe rded uses those of an"
                    + " observer: choose another --recipe");
        }
        if (steps.isPresent() && scores) {
            throw new InputException("--scores trains for whole epochs: give --epochs instead of --steps");
        }
    }

    /**
     * Returns the recipe for a set.
     *
     * @param set file that contains the set
     * @throws InputException if the recipe needs the learning rate of a student, but no option and no run gives it
     */
    TrainingRecipe of(String dataset, Path set, DistilledSet distilled, NetworkChoice choice) {
        TrainingRecipe published = recipe.of(new PublishedRecipe.Target(
                dataset,
                distilled.storedPerClass(),
                distilled.factor(),
                distilled.classes().size(),
                choice.network(),
                studentRate(set)));
        TrainingRecipe rated = learningRate.map(published::withLearningRate).orElse(published);
        return epochs.map(rated::withEpochs).orElse(rated);
    }

    /** Returns the images to train on: whole mosaics if the recipe says so, otherwise the decoded images. */
    DistilledSet trained(DistilledSet distilled) {
        return recipe.usesObserver() ? distilled.withoutDecoding() : distilled;
    }

    /**
     * Reads the observer, if the recipe needs one.
     *
     * @throws InputException if no option names it, and none is next to the set
     * @throws dev.reverie.gpu.dataset.DatasetException if it cannot be read, or does not fit the set
     */
    Optional<Predictor.Source> observer(Path set, DistilledSet distilled, ForeignOptions foreign) {
        return observerFile(set)
                .map(file -> isOnnx(file) ? ofOnnx(file, distilled, foreign) : new ObserverFile(file).read(distilled));
    }

    private static boolean isOnnx(Path file) {
        return file.toString().endsWith(".onnx");
    }

    private static Predictor.Source ofOnnx(Path file, DistilledSet set, ForeignOptions foreign) {
        ForeignFile network =
                foreign.classifier(file, set.images().shape(), set.classes().names());
        return _ -> ForeignModel.open(network, set.images().shape()).predictor(set.normalisation());
    }

    /**
     * The file of the observer, if the recipe needs one.
     *
     * @throws InputException if no option names it, and none is next to the set
     */
    Optional<Path> observerFile(Path set) {
        return recipe.usesObserver()
                ? Optional.of(observer.or(() -> RunFolder.observerOf(set))
                        .orElseThrow(() -> new InputException("the recipe rded takes its labels from an observer, and"
                                + " no observer.npz of a run with --method rded is next to " + set
                                + ": give --observer")))
                : Optional.empty();
    }

    private double studentRate(Path set) {
        if (recipe != PublishedRecipe.MTT) {
            return Double.NaN;
        }
        return learningRate
                .or(() -> RunFolder.manifestOf(set)
                        .map(manifest -> manifest.at("/student_rate"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::doubleValue))
                .orElseThrow(() -> new InputException("the recipe mtt trains with the learning rate that a student has"
                        + " learned, and no run.json of a run with --method mtt is next to " + set
                        + ": give --learning-rate"));
    }
}
