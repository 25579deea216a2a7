package dev.reverie.deploy.cli;

import dev.reverie.deploy.evaluate.EvaluationResult;
import dev.reverie.deploy.evaluate.EvaluationResult.NetworkResult;
import dev.reverie.deploy.evaluate.EvaluationText;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.StepsView;
import dev.reverie.deploy.progress.TrainingRunsProgress;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.coded.DistilledSetFile;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.evaluate.DdRanking;
import dev.reverie.gpu.evaluate.DdRankingScores;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.EvaluationSettingsBuilder;
import dev.reverie.gpu.evaluate.EvaluationTask;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.TrainingImages;
import dev.reverie.gpu.network.Predictor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the test accuracy of networks that are trained on a distilled set. */
@Command(
        name = "evaluate",
        sortOptions = false,
        header = "Trains fresh networks on a distilled set and tests them on real images.",
        description = "Trains with a published recipe and prints the mean and standard deviation of the test accuracy."
                + " Classes are matched by name, because the memory of a service may contain the classes in a"
                + " different order, or only some of them. With several networks, Ctrl-C prints the results"
                + " of those that are complete.",
        footer = {
            "",
            "Examples:",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist --steps 1050 --width 64 --json",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist --network all --report networks.md",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist --epochs 300 --scores --real-epochs 10"
        })
final class EvaluateCommand implements Callable<Integer> {

    private static final int DEFAULT_REAL_EPOCHS = 5;

    /** What the networks are trained to predict. */
    enum Labels {
        /** The soft labels of the set if it has them. */
        SOFT,
        /** The classes. */
        HARD
    }

    @Parameters(
            paramLabel = "SET",
            description =
                    "File of a distilled set: NPZ, packed NPZ of an earlier version, zip of pictures, or .pt of the"
                            + " programs of DC, DSA, DM and MTT.")
    Path set = Path.of("");

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--network",
            paramLabel = "N",
            defaultValue = "convnet",
            description = "Networks to train, separated by commas: convnet-D with D blocks, convnet-D-bn with batch"
                    + " normalisation, resnet-10, resnet-18, densenet or mlp. Without -D, the number of blocks suits the"
                    + " images: 3 for up to 32x32 pixels, or as many as fit, 4 for 64x64; all stands for convnet,"
                    + " convnet-bn and the last four (default: ${DEFAULT-VALUE}).")
    String network = "";

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "128",
            description = "Channels of a ConvNet; the other networks have fixed widths (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--labels",
            paramLabel = "L",
            defaultValue = "soft",
            description = "Training targets: soft uses the teacher's soft labels if the set has them; hard uses the"
                    + " classes (default: ${DEFAULT-VALUE}).")
    Labels labels = Labels.SOFT;

    @Mixin
    final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    final ProbeOptions probe = new ProbeOptions();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of networks of each kind to train from scratch, and of repetitions of --scores"
                    + " (default: ${DEFAULT-VALUE}).")
    int repeats;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--scores",
            description = "Also compute the DD-Ranking scores LRS and ARS. Each repetition trains twelve more networks"
                    + " (thirteen if the set has soft labels), ten of them on random real images. One more network"
                    + " in total is trained on all real images.")
    boolean scores;

    @Option(
            names = "--real-epochs",
            paramLabel = "N",
            description = "Training epochs on all real training images for the reference accuracy of --scores"
                    + " (default: " + DEFAULT_REAL_EPOCHS + ").")
    Optional<Integer> realEpochs = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Also write all results to a file, as Markdown (.md) or JSON (.json).")
    Optional<Path> report = Optional.empty();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    private final CliContext context;
    private final InstantSource clock;

    EvaluateCommand(CliContext context) {
        this.context = context;
        this.clock = context.steadyClock();
    }

    @Override
    public Integer call() {
        OptionCheck.range("--width", Optional.of(width), 1, 4096);
        recipe.check(scores, labels == Labels.HARD);
        OptionCheck.range("--repeats", Optional.of(repeats), 1, 1000);
        OptionCheck.range("--real-epochs", realEpochs, 1, 10_000);
        if (realEpochs.isPresent() && !scores) {
            throw new InputException("--real-epochs only affects --scores: add --scores, or omit --real-epochs");
        }
        List<NetworkChoice> named = NetworkChoice.named(network);
        if (scores && named.size() > 1) {
            throw new InputException("--scores evaluates one network: name only one with --network");
        }
        Optional<ReportFile> file = report.map(ReportFile::at);
        probe.check(recipe.observer.isPresent());
        DistilledSetFile read = DistilledSetFile.read(set);
        DistilledSetFile stored = labels == Labels.HARD ? read.withHardLabels() : read;
        Optional<Predictor.Source> observer = recipe.observer(set, stored.set(), probe.foreign);
        Dataset dataset = data.load(context);
        requireShape(stored.set(), dataset);
        DistilledSet distilled = denormalised(stored.set(), dataset);
        if (probe.isGiven()) {
            TestImages tested = TestImages.of(dataset, distilled);
            context.terminal().out().println(probe.run(distilled, stored.storedBytes(), tested, seed, context, json));
            return ExitCode.DONE;
        }
        List<NetworkChoice> networks = named.stream()
                .map(each -> each.suiting(dataset.shape()))
                .distinct()
                .toList();
        networks.forEach(choice -> choice.requireFitting(
                distilled.images().shape(), distilled.classes().size(), width));
        EvaluationResult.StoredSize size = EvaluationResult.StoredSize.of(stored.storedBytes(), dataset);
        EvaluationResult summary = evaluate(distilled, size, dataset, networks, observer);
        List<String> lines = json ? List.of(JsonOutput.line(summary)) : EvaluationText.lines(summary);
        lines.forEach(context.terminal().out()::println);
        file.ifPresent(each -> each.write(summary));
        boolean complete = summary.networks().size() == networks.size()
                && scores == summary.scores().isPresent();
        return complete ? ExitCode.DONE : ExitCode.INTERRUPTED;
    }

    /** Undoes what other programs have done to the images and labels, and says so. */
    private DistilledSet denormalised(DistilledSet distilled, Dataset dataset) {
        if (distilled.softLabels().filter(SoftLabels::areFromLogits).isPresent()) {
            context.terminal().err().println("The soft labels are logits: their softmax is used.");
        }
        if (!distilled.isNormalised()) {
            return distilled;
        }
        context.terminal()
                .err()
                .println("The images have negative values, so they are taken as normalised with the mean and standard"
                        + " deviation of " + dataset.name() + ". If they are whitened (ZCA), the accuracy is too low.");
        return distilled.denormalised(dataset.normalisation());
    }

    private void requireShape(DistilledSet distilled, Dataset dataset) {
        if (!distilled.images().shape().equals(dataset.shape())) {
            throw new InputException(set + " contains " + distilled.images().shape() + " images, but " + dataset.name()
                    + " has " + dataset.shape()
                    + ": name the --dataset that the set was distilled from, or scale folder:PATH with --resize");
        }
    }

    private EvaluationSettings settings(DistilledSet distilled, NetworkChoice choice) {
        return EvaluationSettingsBuilder.builder()
                .recipe(recipe.of(data.dataset, set, distilled, choice))
                .network(choice.network())
                .width(width)
                .depth(choice.depthFor(distilled.images().shape()))
                .repeats(repeats)
                .checkpoints(EvaluationSettings.PUBLISHED_CHECKPOINTS)
                .seed(seed)
                .steps(recipe.steps)
                .build();
    }

    private EvaluationResult evaluate(
            DistilledSet distilled,
            EvaluationResult.StoredSize size,
            Dataset dataset,
            List<NetworkChoice> networks,
            Optional<Predictor.Source> observer) {
        TestImages tested = TestImages.of(dataset, distilled);
        EvaluationSettings settings = settings(distilled, networks.getFirst());
        Instant start = clock.instant();
        List<NetworkResult> results;
        Optional<DdRankingScores> ranked;
        try (Evaluator evaluator = Evaluator.open()) {
            results = train(evaluator, distilled, tested, networks, observer);
            ranked = scores ? rank(evaluator, distilled, tested, settings) : Optional.empty();
        }
        return new EvaluationResult(
                set.toString(),
                data.dataset,
                distilled.parameters().count(),
                recipe.trained(distilled).images().count(),
                tested.images().size(),
                settings,
                results.getFirst().accuracy(),
                results.getFirst().best(),
                seconds(start),
                results,
                new EvaluationResult.Tested(tested.classes(), dataset.classes()),
                ranked,
                size,
                EvaluationResult.Cost.of(set),
                recipe.observerFile(set).map(Path::toString));
    }

    private double seconds(Instant since) {
        return Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    /** Trains the networks one after another. After the first of them, Ctrl-C leaves out those that are not trained. */
    private List<NetworkResult> train(
            Evaluator evaluator,
            DistilledSet distilled,
            TestImages tested,
            List<NetworkChoice> networks,
            Optional<Predictor.Source> observer) {
        List<NetworkResult> results = new ArrayList<>();
        TrainingImages images = TrainingImages.of(recipe.trained(distilled));
        try (ProgressView view = context.progress(json).begin("Evaluating")) {
            TrainingRunsProgress progress = new TrainingRunsProgress(view, clock, networks.size(), repeats);
            Function<NetworkChoice, NetworkResult> train = choice -> {
                Instant start = clock.instant();
                String shown = networks.size() == 1 ? set.getFileName().toString() : choice.label();
                EvaluationTask task = new EvaluationTask(
                        images, Optional.empty(), observer, tested.images(), settings(distilled, choice));
                EvaluationReport one = evaluator.evaluate(task, progress.of(results.size(), shown));
                return NetworkResult.of(choice.label(), one, distilled.classes(), seconds(start));
            };
            results.add(train.apply(networks.getFirst()));
            trainOthers(networks.subList(1, networks.size()), train, results, view);
        }
        return results;
    }

    private static void trainOthers(
            List<NetworkChoice> networks,
            Function<NetworkChoice, NetworkResult> train,
            List<NetworkResult> results,
            ProgressView view) {
        try (SignalCancellation cancellation = new SignalCancellation(
                "Stopping after this network. Press Ctrl-C again to exit without any result.", view::note)) {
            for (NetworkChoice choice : networks) {
                if (cancellation.isRequested()) {
                    return;
                }
                results.add(train.apply(choice));
            }
        }
    }

    /** Computes the scores; empty after Ctrl-C. */
    private Optional<DdRankingScores> rank(
            Evaluator evaluator, DistilledSet distilled, TestImages tested, EvaluationSettings settings) {
        DdRanking ranking = new DdRanking(
                TrainingImages.of(distilled.withHardLabels()),
                distilled.softLabels().map(_ -> TrainingImages.of(distilled)),
                distilled.storedPerClass(),
                tested.training(),
                tested.images(),
                settings,
                realEpochs.orElse(DEFAULT_REAL_EPOCHS));
        try (ProgressView view = context.progress(json).begin("Ranking");
                SignalCancellation cancellation = new SignalCancellation(
                        "Stopping without the scores. Press Ctrl-C again to exit without any result.", view::note)) {
            EvaluationProgress progress = new StepsView(view, clock, ranking.steps())
                    .stoppedBy(cancellation::isRequested, StoppedException::new);
            return Optional.of(ranking.score(evaluator, progress));
        } catch (StoppedException _) {
            return Optional.empty();
        }
    }
}
