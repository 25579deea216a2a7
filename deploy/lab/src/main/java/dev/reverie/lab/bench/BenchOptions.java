package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of benchmarks that measure the engine. Runs these benchmarks and prints their results. */
final class BenchOptions {

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
            description = "Number of timed repeats (default: 10; 3 for telemetry, 1 for loop and profile).")
    Optional<Integer> repeats = Optional.empty();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    /**
     * Checks the options of every benchmark.
     *
     * @throws InputException if a number is out of range, or the images are too small for the network
     */
    void check() {
        OptionCheck.range("--width", Optional.of(width), 1, 4096);
        OptionCheck.range("--repeats", repeats, 1, 100_000);
        if (!isLargeEnough(shape)) {
            throw new InputException(
                    "images of " + shape + " are too small for the network: choose a --shape with larger sides");
        }
    }

    private static boolean isLargeEnough(ImageShape shape) {
        try {
            MatchingArchitecture.CONVNET.of(1, Presets.depth(shape), shape, 1);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** Returns the number of repeats that the user wants, or else {@code usual}. */
    int repeatsOr(int usual) {
        return repeats.orElse(usual);
    }

    /** Times the repeats of a benchmark, prints the report and returns the exit code. */
    int time(BenchWorkload.Repeatable bench, CliContext context) {
        Kernels kernels = context.kernels().get();
        RepeatTimer timer = new RepeatTimer(context.nanos(), repeatsOr(10));
        BenchReport report;
        try (ProgressView view = context.progress(json).begin("Timing")) {
            report = timer.time(
                    bench,
                    kernels,
                    done -> view.show(
                            (double) done / timer.totalRepeats(), "repeat " + done + "/" + timer.totalRepeats()));
        }
        print(report, report::table, context);
        return ExitCode.DONE;
    }

    /** Prints a report as JSON if the user wants that, otherwise as text. */
    void print(Object report, Supplier<String> text, CliContext context) {
        context.terminal().out().println(json ? JsonOutput.line(report) : text.get());
    }

    /** A command that runs one benchmark. */
    abstract static class Task implements Callable<Integer> {

        @Mixin
        final BenchOptions bench = new BenchOptions();

        final CliContext context;

        Task(CliContext context) {
            this.context = context;
        }
    }
}
