package dev.reverie.lab.analyze;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.DataOptions;
import dev.reverie.deploy.cli.DatasetSizeCheck;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.TestImages;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.report.ResultFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "analyze",
        sortOptions = false,
        header = "Reproduces the figures of the DREAM paper.",
        description = {
            "Runs the distillations that the analyses need; analyses share identical runs. When an"
                    + " analysis is finished, writes a table (NAME.csv) and a figure (NAME.svg) to --out. Ctrl-C"
                    + " keeps the finished files and exits with 130.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  reverie analyze --all --dataset fashion-mnist --out analyses",
            "  reverie analyze sampling mmd --dataset fashion-mnist --out analyses",
            "  reverie analyze ablation --dataset mnist --seeds 0,1,2 --outer-iterations 20 --out ablation"
        })
public final class AnalyzeCommand implements Callable<Integer> {

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or use a smaller --width.";

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Analyses to run, in the given order.")
    List<String> named = List.of();

    @Option(
            names = "--all",
            description = "Run all analyses, which takes about an hour on two cores with the defaults.")
    boolean all;

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stored images per class (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "32",
            description = "Channels of the matching and evaluation networks (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--outer-iterations",
            paramLabel = "N",
            defaultValue = "6",
            description = "Outer iterations of each run (default: ${DEFAULT-VALUE}).")
    int outerIterations;

    @Option(
            names = "--inner-loops",
            paramLabel = "N",
            defaultValue = "50",
            description = "Inner loops per outer iteration (default: ${DEFAULT-VALUE}).")
    int innerLoops;

    @Option(
            names = {"--seeds", "--seed"},
            paramLabel = "S,S",
            split = ",",
            defaultValue = "0",
            description = "Seeds of all random choices; the experiment runs once per seed (default: ${DEFAULT-VALUE}).")
    List<Long> seeds = List.of();

    @Option(
            names = "--evaluation-steps",
            paramLabel = "N",
            defaultValue = "600",
            description = "Gradient steps to train each evaluation network (default: ${DEFAULT-VALUE}).")
    int evaluationSteps;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    private final CliContext context;

    public AnalyzeCommand(CliContext context) {
        this.context = context;
    }

    /** Appends a line for each analysis to the description. */
    @Spec
    void describeAnalyses(CommandSpec spec) {
        String[] description = spec.usageMessage().description();
        Stream<String> analyses =
                Arrays.stream(AnalysisKind.values()).map(each -> "  %-19s  %s".formatted(each.label(), each.shows()));
        spec.usageMessage()
                .description(Stream.concat(Arrays.stream(description), analyses).toArray(String[]::new));
    }

    @Override
    public Integer call() throws IOException {
        List<AnalysisKind> wanted = wanted();
        OptionCheck.range("--ipc", Optional.of(ipc), 1, 1000);
        OptionCheck.range("--width", Optional.of(width), 1, 4096);
        OptionCheck.range("--outer-iterations", Optional.of(outerIterations), 1, OptionCheck.MANY);
        OptionCheck.range("--inner-loops", Optional.of(innerLoops), 1, OptionCheck.MANY);
        OptionCheck.range("--evaluation-steps", Optional.of(evaluationSteps), 1, OptionCheck.MANY);
        List<Long> repeats = OptionCheck.distinct("--seeds", seeds);
        requireSnapshots(wanted);
        Dataset dataset = data.load(context);
        TestImages.requireOfEachClass(dataset);
        DatasetSizeCheck.require(dataset, ipc, Presets.defaultFactor(Method.DREAM));
        AnalysisSettings study =
                new AnalysisSettings(dataset, ipc, width, outerIterations, innerLoops, repeats, evaluationSteps);
        ResultFolder folder = new ResultFolder(out);
        folder.create(wanted.stream()
                .flatMap(each -> Stream.of(each.table(), each.picture()))
                .toList());
        return analyze(study, wanted, folder);
    }

    private List<AnalysisKind> wanted() {
        String known = String.join(", ", AnalysisKind.labels());
        if (named.isEmpty() && !all) {
            throw new InputException("name at least one analysis of " + known + ", or use --all");
        }
        if (all && !named.isEmpty()) {
            throw new InputException("--all runs every analysis: remove the names");
        }
        OptionCheck.distinct("the command line", named);
        // not by a converter, because picocli ends a list of parameters at a value that it cannot convert
        return all
                ? List.of(AnalysisKind.values())
                : named.stream().map(AnalysisKind::of).toList();
    }

    /** Rejects runs that are too short for two snapshots, which {@code migration} compares. */
    private void requireSnapshots(List<AnalysisKind> wanted) {
        if (wanted.contains(AnalysisKind.MIGRATION)
                && outerIterations == 1
                && innerLoops <= AnalysisSettings.SNAPSHOT_INTERVAL) {
            throw new InputException("migration compares snapshots, which are taken every "
                    + AnalysisSettings.SNAPSHOT_INTERVAL + " inner loops: raise --outer-iterations or --inner-loops");
        }
    }

    /** Runs the analyses, and writes the files of each as soon as it is complete. */
    private int analyze(AnalysisSettings study, List<AnalysisKind> wanted, ResultFolder folder) throws IOException {
        ProgressViews progress = context.progress(false);
        List<Analysis> analyses = wanted.stream().map(AnalysisKind::analysis).toList();
        try (SignalCancellation cancellation = new SignalCancellation(
                        "Stopping. All finished files are kept. Press Ctrl-C again to exit at once.",
                        context.terminal()::note);
                FatalExit _ = FatalExit.explain(OUT_OF_MEMORY, context.terminal()::note);
                ProgressView view = progress.begin("Analyzing");
                AnalysisRuns runs = new AnalysisRuns(
                        study, analyses, context.engines(), out, view, progress.clock(), cancellation)) {
            for (int i = 0; i < analyses.size(); i++) {
                AnalysisKind kind = wanted.get(i);
                Analysis.Result result = analyses.get(i).analyze(runs);
                folder.write(kind.picture(), result.chart().toSvg());
                folder.write(kind.table(), result.table().text());
                view.note(kind.label() + ": " + result.summary());
                runs.retainFor(analyses.subList(i + 1, analyses.size()));
            }
        } catch (StoppedException _) {
            return ExitCode.INTERRUPTED;
        }
        wanted.forEach(kind -> context.terminal().out().println(folder.file(kind.picture())));
        return ExitCode.DONE;
    }
}
