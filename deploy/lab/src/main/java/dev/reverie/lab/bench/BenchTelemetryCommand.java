package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.tensor.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the cost of telemetry and metrics. */
@Command(
        name = "telemetry",
        sortOptions = false,
        header = "Measures the cost of telemetry and metrics per inner loop.",
        description = "Runs the same loop as bench loop. Each repeat runs the number of loops given by --interval"
                + " once without metrics and once with all metrics. Then measures the cost of each event,"
                + " kernel timing and scrape separately. The sum of these costs is more precise than the"
                + " difference between the loops, unless the speed of the machine is very stable.",
        footer = {"", "Example:", "  reverie bench telemetry --width 64 --real 64 --images 600 --repeats 10"})
final class BenchTelemetryCommand extends BenchTask {

    @Mixin
    final BenchLoopOptions loop = new BenchLoopOptions();

    BenchTelemetryCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        LoopBench what = loop.of(bench);
        Kernels kernels = context.kernels().get();
        TelemetryCost cost;
        try (BenchExit _ = BenchExit.open(context);
                ProgressView view = context.progress(bench.json).begin("Measuring")) {
            cost = new TelemetryCostMeter(BenchOptions.NANOS, context.steadyClock())
                    .measure(what, kernels, bench.repeatsOr(3), done -> view.show(done, what.title()));
        }
        bench.print(cost, cost::table, context);
        return ExitCode.DONE;
    }
}
