package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.lab.bench.TelemetryCostMeter.TelemetryCost;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of whole inner loops. */
final class LoopCommands {

    private LoopCommands() {}

    /** A benchmark of the loop that the options describe. */
    private abstract static class LoopTask extends EngineBench {

        private static final int MAX_IMAGES = 100_000;
        private static final int SAMPLES = 500;

        @Mixin
        final StepSize step = new StepSize();

        @Option(
                names = "--images",
                paramLabel = "N",
                defaultValue = "6000",
                description = "Maximum number of real images per class (default: ${DEFAULT-VALUE}).")
        int images;

        @Option(
                names = "--samples",
                paramLabel = "N",
                description = "Number of images to train the network on after each loop (default: 500; 0 for a method"
                        + " that does not train, as dm).")
        Optional<Integer> samples = Optional.empty();

        @Option(
                names = "--interval",
                paramLabel = "N",
                defaultValue = "10",
                description = "Inner loops between two choices of representatives (default: ${DEFAULT-VALUE}).")
        int interval;

        LoopTask(CliContext context) {
            super(context);
        }

        /** Measures the loop, in as many repeats as the user wants, or else in one. */
        final <R> R measure(String activity, Function<LoopTimer, R> measuring) {
            LoopBench bench = checked();
            Kernels device = context.kernels().get();
            try (InterruptSignal _ = InterruptSignal.listen(InterruptSignal::halt, InterruptSignal::halt);
                    FatalExit _ = FatalExit.explain(OUT_OF_MEMORY, context.terminal()::note);
                    ProgressView view = context.progress(json).begin(activity)) {
                return measuring.apply(new LoopTimer(
                        bench,
                        device,
                        repeats.orElse(1),
                        done -> view.show(done, bench.title()),
                        context.nanos(),
                        context.steadyClock()));
            }
        }

        private LoopBench checked() {
            check();
            step.check(shape, BenchSetup.CLASSES);
            int composed = step.ipc * step.factor * step.factor;
            if (composed > MAX_IMAGES) {
                throw new InputException("--ipc " + step.ipc + " with --factor " + step.factor + " needs " + composed
                        + " images per class, more than " + MAX_IMAGES + ": lower one of them");
            }
            OptionCheck.range("--images", Optional.of(images), composed, MAX_IMAGES);
            OptionCheck.range("--samples", samples, 0, OptionCheck.MANY);
            OptionCheck.range("--interval", Optional.of(interval), 1, 10_000);
            return new LoopBench(
                    shape,
                    width,
                    step.method,
                    step.ipc,
                    step.factor,
                    step.real,
                    images,
                    samples.orElse(BenchSetup.trains(step.method) ? SAMPLES : 0),
                    interval,
                    BenchImages.of(shape));
        }
    }

    @Command(
            name = "loop",
            sortOptions = false,
            header = "Times a whole inner loop over ten classes with the published settings of a method.",
            description = "An inner loop consists of a class step of every class, the training of the network, and a"
                    + " share of a choice of representatives. The benchmark runs it with the same actors and"
                    + " streams as a distillation. Each repeat runs the number of loops given by --interval and"
                    + " reports their mean. The images are those of Fashion-MNIST if the dataset has been fetched"
                    + " and --shape fits; otherwise, they are random.",
            footer = {"", "Example:", "  reverie bench loop --repeats 2 --json"})
    static final class Loop extends LoopTask {

        Loop(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            BenchReport report = measure("Timing", LoopTimer::time);
            return print(report, report::table);
        }
    }

    @Command(
            name = "profile",
            sortOptions = false,
            header = "Shows where a whole inner loop spends its time.",
            description =
                    "Profiles the same loop as bench loop. Times each call of a kernel and compares the times with"
                            + " the best possible times on this machine.",
            footer = {
                "",
                "Examples:",
                "  reverie bench profile --markdown",
                "  reverie bench profile --method dm --width 64 --real 64 --shape 3,32,32"
            })
    static final class Profile extends LoopTask {

        @Option(names = "--markdown", description = "Print the table as Markdown.")
        boolean markdown;

        Profile(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            LoopProfile profile = measure("Profiling", LoopTimer::profile);
            return print(profile, () -> String.join("\n", markdown ? profile.markdown() : profile.text()));
        }
    }

    @Command(
            name = "telemetry",
            sortOptions = false,
            header = "Measures the cost of telemetry and metrics per inner loop.",
            description = "Runs the same loop as bench loop with all metrics, then measures the cost of each event,"
                    + " kernel timing and scrape, and adds up the costs of a loop.",
            footer = {"", "Example:", "  reverie bench telemetry --width 64 --real 64 --images 600 --repeats 10"})
    static final class Telemetry extends LoopTask {

        Telemetry(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            TelemetryCost cost = measure("Measuring", loop -> new TelemetryCostMeter(loop).measure());
            return print(cost, cost::table);
        }
    }
}
