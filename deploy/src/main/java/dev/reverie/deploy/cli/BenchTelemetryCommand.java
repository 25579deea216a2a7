package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.LoopBench;
import dev.reverie.deploy.experiments.bench.TelemetryCost;
import dev.reverie.deploy.experiments.bench.TelemetryCostMeter;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.tensor.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures what telemetry and metrics cost. */
@Command(
        name = "telemetry",
        sortOptions = false,
        header = "Measures what telemetry and metrics cost an inner loop.",
        description =
                "The loop is that of bench loop. A repeat is one --interval of loops without metrics, and one with"
                        + " all of them, one after the other. Then each event, each timing of a kernel and each scrape is"
                        + " measured by itself: their sum tells more than the difference, unless the machine is very steady.",
        footer = {"", "Example:", "  reverie bench telemetry --width 64 --real 64 --images 600 --repeats 10"})
final class BenchTelemetryCommand extends BenchTask {

    @Mixin
    final LoopOptions loop = new LoopOptions();

    BenchTelemetryCommand(CliContext surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() {
        LoopBench what = loop.of(bench);
        Kernels kernels = surroundings.kernels().get();
        TelemetryCost cost;
        try (ProgressView view = surroundings.progress(bench.json).begin("Measuring")) {
            cost = new TelemetryCostMeter(BenchOptions.NANOS, surroundings.clock())
                    .measure(what, kernels, bench.repeatsOr(3), done -> view.show(done, what.title()));
        }
        bench.print(cost, cost::table, surroundings);
        return ExitCode.DONE;
    }
}
