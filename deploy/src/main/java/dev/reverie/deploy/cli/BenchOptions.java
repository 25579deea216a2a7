package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.BenchReport;
import dev.reverie.deploy.experiments.bench.RepeatTimer;
import dev.reverie.deploy.experiments.bench.RepeatableBench;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every benchmark understands, and how each is run and told. */
final class BenchOptions {

    /** Where the machine's stopwatch enters. */
    static final LongSupplier NANOS = System::nanoTime;

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
            names = "--repeats",
            paramLabel = "N",
            description = "Timed repeats (default: 10; of telemetry 3, of loop and profile 1).")
    Optional<Integer> repeats = Optional.empty();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    /** Checks the options that every benchmark has. */
    void check() {
        RangeCheck.check("--width", Optional.of(width), 1, 4096);
        RangeCheck.check("--repeats", repeats, 1, 100_000);
    }

    int repeatsOr(int usual) {
        return repeats.orElse(usual);
    }

    /** Times what can be repeated at once, and prints the report. */
    int time(RepeatableBench bench, CliContext surroundings) {
        Kernels kernels = surroundings.kernels().get();
        RepeatTimer stopwatch = new RepeatTimer(NANOS, repeatsOr(10));
        BenchReport report;
        try (ProgressView view = surroundings.progress(json).begin("Timing")) {
            report = stopwatch.time(
                    bench,
                    kernels,
                    done -> view.show(
                            (double) done / stopwatch.totalRepeats(),
                            "repeat " + done + "/" + stopwatch.totalRepeats()));
        }
        print(report, report::table, surroundings);
        return ExitCode.DONE;
    }

    void print(Object report, Supplier<String> table, CliContext surroundings) {
        surroundings.terminal().out().println(json ? JsonOutput.line(report) : table.get());
    }
}
