package dev.reverie.deploy.cli;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.deploy.observe.RunMetrics;
import dev.reverie.deploy.progress.DistillationProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.DistillationRun;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.deploy.run.RunManifest;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
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
        name = "distill",
        sortOptions = false,
        header = "Distils a dataset into a few synthetic images per class.",
        description = "Writes synthetic.npz, synthetic.zip, synthetic.png, history.csv, run.json and a checkpoint to"
                + " --out, and observer.npz with rded. Ctrl-C saves the run and exits with 130. To continue the run,"
                + " add --resume and keep the other options.",
        footer = {
            "",
            "Examples:",
            "  reverie distill --dataset fashion-mnist --ipc 10 --time-limit 5m --out run",
            "  reverie distill --dataset fashion-mnist --ipc 10 --out run --resume",
            "  reverie distill --dataset folder:flowers --method herding --ipc 5 --out flowers-5",
            "  reverie distill --dataset fashion-mnist --method mtt --experts fashion-experts --out run-mtt",
            "  reverie distill --dataset fashion-mnist --time-limit 5m --evaluate-every 30s --out run-30s",
            "  reverie distill --dataset mnist --preset paper --metrics-port 9400 --out mnist-10"
        })
final class DistillCommand implements Callable<Integer> {

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, and add --resume if there is"
            + " a checkpoint, or use a smaller --width.";

    @Mixin
    final DataOptions data = new DataOptions();

    @Mixin
    final SettingsOptions settingsOptions = new SettingsOptions();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "uint8",
            description = "Type of the values in the distilled set: uint8 (one byte per value) or float32 (four bytes)"
                    + " (default: ${DEFAULT-VALUE}).")
    Dtype dtype = Dtype.UINT8;

    @Option(
            names = "--coding",
            paramLabel = "F",
            defaultValue = "webp",
            description = "Format of the pictures in synthetic.zip: webp, jpeg or png, which loses nothing (default:"
                    + " ${DEFAULT-VALUE}).")
    PictureFormat coding = PictureFormat.WEBP;

    @Option(
            names = "--quality",
            paramLabel = "Q",
            defaultValue = "30",
            description = "Quality of these pictures, 1 to 100 (default: ${DEFAULT-VALUE}). A picture that is larger"
                    + " than --bytes-per-class has a lower one.")
    int quality;

    @Option(
            names = "--time-limit",
            paramLabel = "T",
            description = "Stop after the inner loop in which this time runs out, for example 90s, 5m or 1h30m. With"
                    + " --preset quick and without --outer-iterations, the run learns until then. A network that is"
                    + " being trained before its first loop is abandoned when the time runs out; with --resume, its"
                    + " training begins again.")
    Optional<Duration> timeLimit = Optional.empty();

    @Mixin
    final RunEvaluationOptions evaluation = new RunEvaluationOptions();

    @Option(
            names = "--experts",
            paramLabel = "DIR",
            description = "Folder for the expert trajectories of mtt or tgdd. Runs of one method on the same data can"
                    + " share it (default: experts in --out).")
    Optional<Path> experts = Optional.empty();

    @Option(names = "--resume", description = "Continue from the checkpoint in --out.")
    boolean resume;

    @Option(
            names = "--metrics-port",
            paramLabel = "P",
            description = "Serve Prometheus metrics on this port of the loopback interface.")
    Optional<Integer> metricsPort = Optional.empty();

    @Option(names = "--json", description = "Print the summary as one JSON object on stdout.")
    boolean json;

    private final CliContext context;

    DistillCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        settingsOptions.check();
        if (!resume) {
            settingsOptions.checkEffects();
        }
        OptionCheck.range("--metrics-port", metricsPort, 1, 65_535);
        settingsOptions.requireExperts("--experts", experts.isPresent());
        evaluation.check();
        if (experts.map(Path::toAbsolutePath)
                .map(Path::normalize)
                .equals(Optional.of(out.toAbsolutePath().normalize()))) {
            throw new InputException("--experts and --out name the same folder: choose another one for the experts, or"
                    + " omit --experts to store them in the folder of the run");
        }
        OptionCheck.range("--quality", Optional.of(quality), 1, 100);
        SetFormat format = new SetFormat(dtype, new Coding(coding, quality, settingsOptions.size.bytesPerClass()));
        RunFolder folder = new RunFolder(out);
        folder.requireReady(resume);
        if (metricsPort.isEmpty()) {
            return distil(format, folder, List.of());
        }
        try (RunMetrics metrics = RunMetrics.serve(metricsPort.get(), context.engines(), context.clock())) {
            return distil(format, folder, List.of(metrics.telemetry()));
        }
    }

    private int distil(SetFormat format, RunFolder folder, List<TelemetryListener> metrics) throws IOException {
        Dataset dataset = data.load(context);
        DistillationSettings settings = settingsOptions.of(dataset, format, timeLimit);
        if (!resume) {
            settingsOptions.checkEffects(settings);
        }
        settingsOptions.choice(settings).ifPresent(context.terminal().err()::println);
        evaluation.requireFitting(dataset);
        folder.create();
        DistillationRun.Outcome outcome = run(dataset, settings, format, folder, metrics);
        tell(outcome);
        return exitCode(outcome);
    }

    private static int exitCode(DistillationRun.Outcome outcome) {
        if (outcome.manifest().ending() != Ending.INTERRUPTED) {
            return ExitCode.DONE;
        }
        return outcome.saved() ? ExitCode.INTERRUPTED : ExitCode.FAILED;
    }

    private DistillationRun.Outcome run(
            Dataset dataset,
            DistillationSettings settings,
            SetFormat format,
            RunFolder folder,
            List<TelemetryListener> metrics)
            throws IOException {
        SteadyClock steadyClock = context.steadyClock();
        DistillationRun run = new DistillationRun(
                dataset,
                settings,
                format,
                folder,
                resume,
                experts,
                timeLimit,
                evaluation.of(dataset, settings),
                data.leftOut(),
                OUT_OF_MEMORY,
                context.engines(),
                context.clock(),
                steadyClock);
        try (ProgressView view = context.progress(json).begin("Distilling")) {
            TelemetryListener progress = new DistillationProgress(view, steadyClock, timeLimit);
            List<TelemetryListener> watchers = new ArrayList<>(metrics);
            watchers.add(progress);
            return run.execute(watchers, view::note);
        }
    }

    private void tell(DistillationRun.Outcome outcome) {
        RunManifest manifest = outcome.manifest();
        Terminal terminal = context.terminal();
        if (json) {
            terminal.out().println(JsonOutput.line(manifest));
            return;
        }
        if (manifest.ending() == Ending.INTERRUPTED) {
            terminal.err()
                    .println(
                            outcome.saved()
                                    ? "Interrupted. Everything is saved; add --resume to continue."
                                    : "Interrupted. The distilled set is written, but the checkpoint is of an earlier inner loop;"
                                            + " --resume continues from there.");
        }
        terminal.out().println(manifest.files().set());
    }
}
