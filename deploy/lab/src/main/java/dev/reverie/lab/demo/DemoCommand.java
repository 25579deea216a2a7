package dev.reverie.lab.demo;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.store.FolderLock;
import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.DataOptions;
import dev.reverie.deploy.cli.DatasetSizeCheck;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.ResizeOption;
import dev.reverie.deploy.fetch.Fetcher;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.TrainingRunsProgress;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.DistillationRun;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.folder.LeftOut;
import dev.reverie.gpu.dataset.published.DatasetOptions;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.Evaluator;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.demo.Comparison.SetAccuracy;
import dev.reverie.lab.report.ResultFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        sortOptions = false,
        header = "Distils Fashion-MNIST in minutes and reports how good the result is.",
        description = "Fetches the dataset if necessary and distils it. Then trains fresh networks on the result, on"
                + " the initial images and on three coresets of the same stored size, and writes an HTML report.",
        footer = {
            "",
            "Examples:",
            "  reverie demo",
            "  reverie demo --time-limit 1m --out quick-look",
            "  reverie demo --dataset folder:flowers --ipc 5"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or use a smaller --ipc.";

    @Option(
            names = "--dataset",
            paramLabel = "D",
            defaultValue = "fashion-mnist",
            description = "Dataset, as for distill; fetched if necessary (default: ${DEFAULT-VALUE}).")
    String name = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the published files (default: the folder that fetch uses).")
    Optional<Path> directory = Optional.empty();

    @Mixin
    final ResizeOption resize = new ResizeOption();

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stored images per class (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--time-limit",
            paramLabel = "T",
            defaultValue = "4m30s",
            description = "Duration of the distillation (default: ${DEFAULT-VALUE}).")
    Duration timeLimit = Duration.ofSeconds(270);

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "" + DemoPlan.STEPS,
            description = "Gradient steps to train each evaluation network (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of networks to train on each set (default: ${DEFAULT-VALUE}).")
    int repeats;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "demo",
            description = "Folder for the results. Replaces the results of an earlier demo (default:"
                    + " ./${DEFAULT-VALUE}).")
    Path out = Path.of("");

    private final CliContext context;

    public DemoCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        OptionCheck.range("--ipc", Optional.of(ipc), 1, 1000);
        OptionCheck.range("--steps", Optional.of(steps), 1, OptionCheck.MANY);
        OptionCheck.range("--repeats", Optional.of(repeats), 1, 100);
        DatasetOptions data = new DatasetOptions(fetchedInto(), resize.resizing(), List.of());
        Dataset dataset = DataOptions.load(name, data, context);
        DatasetSizeCheck.require(dataset, ipc, Presets.defaultFactor(Method.DREAM));
        DemoPlan plan = new DemoPlan(ipc, timeLimit, steps, repeats, seed, new ResultFolder(out));
        Optional<Comparison> comparison = compare(plan, dataset);
        comparison.ifPresentOrElse(result -> show(result, plan), () -> interrupted(plan));
        DataOptions.tell(data.leftOut(), context.terminal().err());
        return comparison.isPresent() ? ExitCode.DONE : ExitCode.INTERRUPTED;
    }

    private record MadeSet(Method method, DistillationRun.Outcome outcome) {}

    /** Makes and evaluates all sets, and writes the report; empty after Ctrl-C, which keeps the files so far. */
    private Optional<Comparison> compare(DemoPlan plan, Dataset dataset) throws IOException {
        List<MadeSet> made = new ArrayList<>();
        for (Method method : DemoPlan.METHODS) {
            DistillationRun.Outcome outcome = distil(method, plan, dataset);
            if (outcome.interrupted()) {
                return Optional.empty();
            }
            made.add(new MadeSet(method, outcome));
        }
        try {
            Comparison comparison = evaluate(made, plan, dataset);
            DemoReport.write(plan, made.getFirst().outcome().manifest(), comparison);
            return Optional.of(comparison);
        } catch (StoppedException _) {
            return Optional.empty();
        }
    }

    private DistillationRun.Outcome distil(Method method, DemoPlan plan, Dataset dataset) throws IOException {
        RunFolder folder = plan.folder(method);
        folder.create();
        try (FolderLock _ = folder.lock()) {
            folder.clear();
        }
        SteadyClock clock = context.steadyClock();
        Optional<Duration> limit = Optional.of(timeLimit).filter(_ -> method.learns());
        DistillationRun run = new DistillationRun(
                dataset,
                plan.settings(dataset, method),
                SetFormat.BYTES,
                folder,
                false,
                Optional.empty(),
                limit,
                Optional.empty(),
                new LeftOut(false),
                OUT_OF_MEMORY,
                context.engines(),
                context.clock(),
                clock);
        String task = method.learns() ? "Distilling" : "Selecting " + method.label();
        try (ProgressView view = context.progress(false).begin(task)) {
            return run.execute(List.of(new DistillationProgress(view, clock, limit)), view::note);
        }
    }

    /** Evaluates the sets; throws {@link StoppedException} after Ctrl-C. */
    private Comparison evaluate(List<MadeSet> made, DemoPlan plan, Dataset dataset) {
        List<SetAccuracy> accuracies = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open();
                ProgressView view = context.progress(false).begin("Evaluating");
                SignalCancellation cancellation = new SignalCancellation(
                        "Stopping without the report. Press Ctrl-C again to exit at once.", view::note)) {
            TrainingRunsProgress progress = new TrainingRunsProgress(view, context.steadyClock(), made.size(), repeats);
            for (MadeSet each : made) {
                DistilledSet set = each.outcome().set();
                EvaluationReport report = evaluator.evaluate(
                        set,
                        dataset.test(),
                        plan.evaluation(
                                dataset,
                                plan.settings(dataset, each.method()),
                                set.images().count()),
                        progress.of(accuracies.size(), each.method().label())
                                .stoppedBy(cancellation::isRequested, StoppedException::new));
                accuracies.add(new SetAccuracy(each.method(), new MeanAndStd(report.mean(), report.std())));
            }
        }
        return new Comparison(accuracies);
    }

    /** Returns the folder of the data. Fetches a published dataset that is missing, unless the user names a folder. */
    private Optional<Path> fetchedInto() throws IOException {
        if (directory.isPresent() || Dataset.namesFolder(name)) {
            return directory;
        }
        Path home = DataHome.standard().folderOf(name);
        Optional<String> fetched;
        try (ProgressView view = context.progress(false).beginDelayed("Fetching")) {
            fetched = Fetcher.standard().fetchIfMissing(name, home, view);
        }
        fetched.ifPresent(source -> context.terminal()
                .err()
                .println("Fetched from " + source + ", verified. The files are in " + home + "."));
        return Optional.of(home);
    }

    private void show(Comparison comparison, DemoPlan plan) {
        PrintWriter lines = context.terminal().out();
        lines.println();
        comparison.lines().forEach(lines::println);
        lines.println();
        lines.println("Look at " + plan.out().file(DemoPlan.REPORT).toAbsolutePath());
    }

    private void interrupted(DemoPlan plan) {
        Path distilled = plan.folder(Method.DREAM).path().toAbsolutePath();
        context.terminal().err().println("Interrupted. The distilled set so far is in " + distilled + ".");
    }
}
