package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.analyze.AnalysisFolder;
import dev.reverie.deploy.experiments.analyze.AnalysisKind;
import dev.reverie.deploy.experiments.analyze.AnalysisSettings;
import dev.reverie.deploy.experiments.analyze.Analyzer;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The figures of the DREAM paper. */
@Command(
        name = "analyze",
        sortOptions = false,
        header = "Makes the figures of the DREAM paper from runs of its own.",
        description = {
            "Distils as often as the analyses want, once where several want the same, and writes a table (NAME.csv)"
                    + " and a figure (NAME.png) of each into --out as soon as it is made. Ctrl-C keeps what is written"
                    + " and exits with 130.",
            "",
            "  sampling             accuracy over inner loops by the choice of real images",
            "  mmd                  discrepancy of the real batch to its class",
            "  migration            how far synthetic images move between snapshots",
            "  coverage             synthetic among real images of a class",
            "  gradient-norm        gradient norms of single images of a class",
            "  ablation             accuracy with DREAM's parts and without",
            "  interval             accuracy by the clustering interval",
            "  representatives      accuracy by the number of representatives",
            "  gradient-difference  matching loss of dc, dsa and idc with DREAM's parts and without"
        },
        footer = {
            "",
            "Examples:",
            "  reverie analyze --all --dataset fashion-mnist --out analyses",
            "  reverie analyze sampling mmd --dataset fashion-mnist --out analyses",
            "  reverie analyze ablation --dataset mnist --seeds 0,1,2 --outer-iterations 20 --out ablation"
        })
final class AnalyzeCommand implements Callable<Integer> {

    private static final int MANY = 1_000_000;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The analyses to make, in this order.")
    List<String> named = List.of();

    @Option(names = "--all", description = "Make all of them; about an hour on two cores by default.")
    boolean all;

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Images stored per class (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "32",
            description = "Channels of every network, matched on or judged by (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--outer-iterations",
            paramLabel = "N",
            defaultValue = "6",
            description = "Fresh matching networks of each run (default: ${DEFAULT-VALUE}).")
    int outerIterations;

    @Option(
            names = "--inner-loops",
            paramLabel = "N",
            defaultValue = "50",
            description = "Visits to every class per outer iteration (default: ${DEFAULT-VALUE}).")
    int innerLoops;

    @Mixin
    final SeedOptions seeds = new SeedOptions();

    @Option(
            names = "--evaluation-steps",
            paramLabel = "N",
            defaultValue = "600",
            description = "Gradient steps of each network that judges a set (default: ${DEFAULT-VALUE}).")
    int evaluationSteps;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final CliContext surroundings;

    AnalyzeCommand(CliContext surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        List<AnalysisKind> wanted = wanted();
        RangeCheck.check("--ipc", Optional.of(ipc), 1, 1000);
        RangeCheck.check("--width", Optional.of(width), 1, 4096);
        RangeCheck.check("--outer-iterations", Optional.of(outerIterations), 1, MANY);
        RangeCheck.check("--inner-loops", Optional.of(innerLoops), 1, MANY);
        RangeCheck.check("--evaluation-steps", Optional.of(evaluationSteps), 1, MANY);
        List<Long> repeats = seeds.distinct();
        requireSnapshots(wanted);
        Dataset dataset = data.load();
        DatasetSizeCheck.require(dataset, ipc, Presets.defaultFactor(Method.DREAM));
        AnalysisFolder folder = new AnalysisFolder(out);
        folder.create(wanted);
        AnalysisSettings study =
                new AnalysisSettings(dataset, ipc, width, outerIterations, innerLoops, repeats, evaluationSteps);
        return analyze(study, wanted, folder) ? ExitCode.DONE : ExitCode.INTERRUPTED;
    }

    private List<AnalysisKind> wanted() {
        String there = String.join(", ", AnalysisKind.labels());
        if (named.isEmpty() && !all) {
            throw new InputException("name at least one analysis of " + there + ", or say --all");
        }
        if (all && !named.isEmpty()) {
            throw new InputException("--all makes every analysis: name none beside it");
        }
        DuplicateCheck.check("the command line", named);
        // not by a converter: in a list without an end, picocli takes what cannot be converted for something else
        return all
                ? List.of(AnalysisKind.values())
                : named.stream().map(AnalysisKind::of).toList();
    }

    /** There is one every ten inner loops of an outer iteration. */
    private void requireSnapshots(List<AnalysisKind> wanted) {
        if (wanted.contains(AnalysisKind.MIGRATION)
                && outerIterations == 1
                && innerLoops <= AnalysisSettings.SNAPSHOT_INTERVAL) {
            throw new InputException("migration compares snapshots, one every " + AnalysisSettings.SNAPSHOT_INTERVAL
                    + " inner loops: choose more --outer-iterations or --inner-loops");
        }
    }

    private boolean analyze(AnalysisSettings study, List<AnalysisKind> wanted, AnalysisFolder folder)
            throws IOException {
        PrintWriter err = surroundings.terminal().err();
        try (SignalCancellation patience = SignalCancellation.listen(
                "Stopping; what is written by now is kept. Press Ctrl-C again to end at once.", err::println)) {
            boolean complete = new Analyzer(
                            study, wanted, surroundings.engines(), folder, surroundings.progress(false), patience)
                    .run();
            if (complete) {
                wanted.forEach(each -> surroundings.terminal().out().println(folder.figure(each)));
            }
            return complete;
        }
    }
}
