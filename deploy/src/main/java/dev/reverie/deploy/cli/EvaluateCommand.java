package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.EvaluationView;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.report.EvaluationSummary;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.Json;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.Recipe;
import dev.reverie.gpu.network.Architecture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds out what a set is worth. */
@Command(
        name = "evaluate",
        sortOptions = false,
        header = "Trains fresh networks on a set and tests them on real images.",
        description =
                "By the published recipe of IDC and DREAM; prints the test accuracy, mean and deviation. Classes are"
                        + " matched by name: a memory of a service may hold them in another order, or only some of them.",
        footer = {
            "",
            "Examples:",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist",
            "  reverie evaluate run/synthetic.npz --dataset fashion-mnist --epochs 150 --width 64 --json"
        })
final class EvaluateCommand implements Callable<Integer> {

    private static final Pattern CONV_NET = Pattern.compile("convnet-?([1-9])", Pattern.CASE_INSENSITIVE);
    private static final double PERCENT = 100;

    @Parameters(paramLabel = "SET", description = "NPZ file with images and labels.")
    Path set = Path.of("");

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--network",
            paramLabel = "N",
            defaultValue = "convnet-3",
            description = "convnet-D with D blocks (default: ${DEFAULT-VALUE}).")
    String network = "";

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "128",
            description = "Channels (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--labels",
            paramLabel = "L",
            defaultValue = "soft",
            description = "What networks learn: soft, what the set's teacher says where it has one, or hard, the"
                    + " classes alone (default: ${DEFAULT-VALUE}).")
    String labels = "";

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the set (default: 1000, as published).")
    Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "Networks trained from scratch (default: ${DEFAULT-VALUE}).")
    int repeats;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of every random choice (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    EvaluateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Range.check("--width", Optional.of(width), 1, 4096);
        Range.check("--epochs", epochs, 1, 1_000_000);
        Range.check("--repeats", Optional.of(repeats), 1, 1000);
        int depth = depth();
        DistilledSet distilled = labelled(NpzFile.read(set));
        Dataset dataset = data.load();
        requireShape(distilled, dataset);
        Architecture architecture = architecture(distilled, depth);
        TestImages tested = TestImages.of(dataset, distilled);
        EvaluationSummary summary = evaluate(distilled, tested.images(), settings(distilled, architecture));
        surroundings.terminal().out().println(json ? Json.line(summary) : sentence(summary) + share(tested, dataset));
        return ExitCode.DONE;
    }

    private DistilledSet labelled(DistilledSet stored) {
        return switch (labels) {
            case "soft" -> stored;
            case "hard" -> stored.withHardLabels();
            default -> throw new InputException("there are no labels '" + labels + "': write soft or hard");
        };
    }

    private int depth() {
        Matcher matcher = CONV_NET.matcher(network);
        if (!matcher.matches()) {
            throw new InputException("there is no network '" + network + "': write convnet-D, for example convnet-3");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private void requireShape(DistilledSet distilled, Dataset dataset) {
        if (!distilled.images().shape().equals(dataset.shape())) {
            throw new InputException(set + " holds " + distilled.images().shape() + " images, but " + dataset.name()
                    + " has " + dataset.shape() + ": name the --dataset the set was made from");
        }
    }

    private Architecture architecture(DistilledSet distilled, int depth) {
        try {
            return new Architecture(
                    distilled.images().shape(), distilled.classNames().size(), width, depth);
        } catch (IllegalArgumentException e) {
            throw new InputException("--network " + network + " does not fit: " + e.getMessage());
        }
    }

    private EvaluationSettings settings(DistilledSet distilled, Architecture architecture) {
        int perClass = Math.max(
                1, distilled.parameters().count() / distilled.classNames().size());
        Recipe published = Recipe.published(data.dataset, perClass, distilled.factor());
        Recipe recipe = epochs.map(published::withEpochs).orElse(published);
        return new EvaluationSettings(
                recipe, width, architecture.depth(), repeats, EvaluationSettings.PUBLISHED_CHECKPOINTS, seed);
    }

    private EvaluationSummary evaluate(
            DistilledSet distilled, List<LabelledImage> tested, EvaluationSettings settings) {
        Instant start = surroundings.clock().instant();
        EvaluationReport report;
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = surroundings.progress(json).begin("Evaluating")) {
            EvaluationView progress = new EvaluationView(view, surroundings.clock(), 1, repeats);
            report = evaluator.evaluate(
                    distilled,
                    tested,
                    settings,
                    progress.of(0, set.getFileName().toString()));
        }
        Duration taken = Duration.between(start, surroundings.clock().instant());
        return new EvaluationSummary(
                set.toString(),
                data.dataset,
                distilled.parameters().count(),
                distilled.images().count(),
                tested.size(),
                settings,
                EvaluationSummary.last(report),
                EvaluationSummary.best(report),
                taken.toMillis() / 1000.0);
    }

    private static String sentence(EvaluationSummary summary) {
        return String.format(
                Locale.ROOT,
                "accuracy %.2f ± %.2f %% (%d networks of width %d, %d epochs; best test of each %.2f %%)",
                PERCENT * summary.accuracy().mean(),
                PERCENT * summary.accuracy().std(),
                summary.settings().repeats(),
                summary.settings().width(),
                summary.settings().recipe().epochs(),
                PERCENT * summary.best().mean());
    }

    private static String share(TestImages tested, Dataset dataset) {
        return tested.classes() == dataset.classes()
                ? ""
                : ", tested on its " + tested.classes() + " of " + dataset.classes() + " classes";
    }
}
