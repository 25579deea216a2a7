package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.SetSizeOptions;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A benchmark of the engine: its options, and how its result is printed. */
abstract class EngineBench implements Callable<Integer> {

    /** Advice for a benchmark that runs actors, when an error in one of them ends the process. */
    static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or choose a smaller --shape.";

    /** Repeats before the first one that counts, enough for the memory pools to settle. */
    private static final int WARM_UP = 3;

    /** Time of these repeats, if they are short: the JIT compiler needs hundreds of them. */
    private static final double WARM_UP_MILLIS = 5000;

    private static final double NANOS_PER_MILLI = 1e6;

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
            description = "Number of timed repeats (default: 10; 1 for loop, profile and telemetry).")
    Optional<Integer> repeats = Optional.empty();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    boolean json;

    final CliContext context;

    EngineBench(CliContext context) {
        this.context = context;
    }

    final void check() {
        OptionCheck.range("--width", Optional.of(width), 1, 4096);
        OptionCheck.range("--repeats", repeats, 1, 100_000);
        try {
            MatchingArchitecture.CONVNET.of(1, Presets.depth(shape), shape, 1);
        } catch (IllegalArgumentException _) {
            throw new InputException(
                    "images of " + shape + " are too small for the network: choose a --shape with larger sides");
        }
    }

    /** Times the repeats of a workload, prints the report and returns the exit code. */
    final int time(EngineWorkload workload) {
        Kernels kernels = context.kernels().get();
        BenchReport report;
        try (ProgressView view = context.progress(json).begin("Timing")) {
            MachineLimits limits = MachineLimits.measure(kernels, Device.threads(), context.nanos());
            double[] millis = millis(workload, kernels, view);
            report = BenchReport.of(workload, millis, flop(workload, kernels), limits);
        }
        return print(report, report::table);
    }

    private double[] millis(EngineWorkload workload, Kernels kernels, ProgressView view) {
        double[] millis = new double[repeats.orElse(10)];
        try (EngineWorkload.Prepared prepared = workload.open(kernels, Device.threads())) {
            int warmUp = 0;
            for (double spent = 0; warmUp < WARM_UP || spent < WARM_UP_MILLIS; warmUp++) {
                view.show(0, "warming up");
                spent += millis(prepared, warmUp);
            }
            for (int repeat = 0; repeat < millis.length; repeat++) {
                millis[repeat] = millis(prepared, warmUp + repeat);
                view.show((repeat + 1.0) / millis.length, "repeat " + (repeat + 1) + "/" + millis.length);
            }
        }
        return millis;
    }

    private double millis(EngineWorkload.Prepared prepared, int repeat) {
        long start = context.nanos().getAsLong();
        var _ = prepared.repeat(repeat);
        return (context.nanos().getAsLong() - start) / NANOS_PER_MILLI;
    }

    /** Counts the floating-point operations of one repeat, which is not timed. */
    private double flop(EngineWorkload workload, Kernels kernels) {
        KernelProfile counted = new KernelProfile(context.nanos());
        try (EngineWorkload.Prepared prepared = workload.open(counted.profiling(kernels), Device.threads())) {
            counted.reset();
            var _ = prepared.repeat(0);
            return counted.flop();
        }
    }

    /** Prints a result as JSON if the user wants that, otherwise as text, and returns the exit code. */
    final int print(Object result, Supplier<String> text) {
        context.terminal().out().println(json ? JsonOutput.line(result) : text.get());
        return ExitCode.DONE;
    }

    /** The options that set the method and the size of a class step. */
    static final class StepSize {

        @Option(
                names = "--method",
                paramLabel = "M",
                defaultValue = "dream",
                completionCandidates = Methods.class,
                description =
                        "Method that matches real images class by class, one of ${COMPLETION-CANDIDATES} (default:"
                                + " ${DEFAULT-VALUE}).")
        Method method = Method.DREAM;

        @Option(
                names = "--ipc",
                paramLabel = "N",
                defaultValue = "10",
                description = "Stored synthetic images per class (default: ${DEFAULT-VALUE}).")
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
                description = "Real images per class step (default: ${DEFAULT-VALUE}).")
        int real;

        void check(ImageShape shape, int classes) {
            if (!hasStep(method)) {
                throw new InputException("--method " + method.label() + " has no class step to time: choose one of "
                        + String.join(", ", new Methods()));
            }
            OptionCheck.range("--ipc", Optional.of(ipc), 1, 1000);
            OptionCheck.range("--factor", Optional.of(factor), 1, 16);
            OptionCheck.range("--real", Optional.of(real), 1, 10_000);
            SetSizeOptions.requireFactor(factor, shape);
            long decoded = (long) classes * ipc * factor * factor;
            if (decoded * shape.size() > Integer.MAX_VALUE) {
                throw new InputException("--ipc " + ipc + " with --factor " + factor + " makes " + decoded
                        + " images of " + shape + ", which have more values than an array: lower one of them, or"
                        + " choose a smaller --shape");
            }
        }

        /** Whether the class step of a method needs nothing but real and synthetic images. */
        private static boolean hasStep(Method method) {
            return method.composition().matchesRealBatches() && !method.isGuidedByExperts();
        }

        /** The names of the methods whose class step can be timed. */
        static final class Methods implements Iterable<String> {

            @Override
            public Iterator<String> iterator() {
                return Arrays.stream(Method.values())
                        .filter(StepSize::hasStep)
                        .map(Method::label)
                        .iterator();
            }
        }
    }
}
