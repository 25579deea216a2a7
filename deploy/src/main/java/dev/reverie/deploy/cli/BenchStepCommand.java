package dev.reverie.deploy.cli;

import dev.reverie.deploy.bench.StepBench;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.Json;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times one class step. */
@Command(
        name = "step",
        sortOptions = false,
        header = "Times one class step of gradient matching on random images.",
        description = "One step: both gradients, their distance, and its derivative by the synthetic images.",
        footer = {
            "",
            "Examples:",
            "  reverie bench step",
            "  reverie bench step --shape 3,32,32 --width 128 --ipc 10 --factor 2 --real 128 --json"
        })
final class BenchStepCommand implements Callable<Integer> {

    @Option(
            names = "--shape",
            paramLabel = "C,H,W",
            defaultValue = "1,28,28",
            description = "Shape of the images (default: ${DEFAULT-VALUE}).")
    ImageShape shape = new ImageShape(1, 28, 28);

    @Option(
            names = "--width",
            paramLabel = "W",
            defaultValue = "128",
            description = "Channels of the network (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stored synthetic images (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--factor",
            paramLabel = "F",
            defaultValue = "2",
            description = "Multi-formation factor (default: ${DEFAULT-VALUE}).")
    int factor;

    @Option(
            names = "--real",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images in the real batch (default: ${DEFAULT-VALUE}).")
    int real;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "10",
            description = "Timed steps (default: ${DEFAULT-VALUE}).")
    int repeats;

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    BenchStepCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Range.check("--width", Optional.of(width), 1, 4096);
        Range.check("--ipc", Optional.of(ipc), 1, 1000);
        Range.check("--factor", Optional.of(factor), 1, 16);
        Range.check("--real", Optional.of(real), 1, 10_000);
        Range.check("--repeats", Optional.of(repeats), 1, 100_000);
        StepBench bench = new StepBench(shape, width, ipc, factor, real, repeats);
        StepBench.Report report;
        try (ProgressView view = surroundings.progress(json).begin("Timing")) {
            report = bench.run(
                    surroundings.engines(),
                    System::nanoTime,
                    done -> view.show((double) done / bench.steps(), "step " + done + "/" + bench.steps()));
        }
        surroundings.terminal().out().println(json ? Json.line(report) : sentence(report));
        return ExitCode.DONE;
    }

    private static String sentence(StepBench.Report report) {
        return String.format(
                Locale.ROOT,
                "one class step at %s, width %d: median %.1f ms (min %.1f, max %.1f, %d repeats)",
                report.shape(),
                report.width(),
                report.ms().median(),
                report.ms().min(),
                report.ms().max(),
                report.repeats());
    }
}
