package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.StyleOptions;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.method.Method;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times one class step. */
@Command(
        name = "step",
        sortOptions = false,
        header = "Times one class step on random images, with the published settings of a method.",
        description = "The step consists of the quantities that the method matches, on real and on synthetic images,"
                + " of their distance, and of its derivative with respect to the synthetic images.",
        footer = {
            "",
            "Example:",
            "  reverie bench step --shape 3,32,32 --width 128 --ipc 10 --factor 2 --real 128 --json",
            "  reverie bench step --shape 3,32,32 --method dm --factor 1 --style-moments 180"
        })
final class BenchStepCommand extends BenchTask {

    @Mixin
    final BenchStepOptions step = new BenchStepOptions();

    @Option(
            names = "--method",
            paramLabel = "M",
            defaultValue = "dream",
            completionCandidates = Methods.class,
            description = "Method that matches real images class by class, one of ${COMPLETION-CANDIDATES} (default:"
                    + " ${DEFAULT-VALUE}).")
    Method method = Method.DREAM;

    @Mixin
    final StyleOptions style = new StyleOptions();

    BenchStepCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        bench.check();
        step.check(bench.shape, 1);
        if (!hasStep(method)) {
            throw new InputException("--method " + method.label() + " has no class step to time: choose one of "
                    + String.join(", ", new Methods()));
        }
        style.check(method, method.composition(), "");
        return bench.time(
                new StepBench(bench.shape, bench.width, step.ipc, step.factor, step.real, method, style.weights()),
                context);
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
                    .filter(BenchStepCommand::hasStep)
                    .map(Method::label)
                    .iterator();
        }
    }
}
