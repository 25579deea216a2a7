package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.StepBench;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.method.Method;
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
            description =
                    "Method that matches real images class by class: dream, dream-plus, idc, dance, idm, dm, dsa or"
                            + " dc (default: ${DEFAULT-VALUE}).")
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
        if (!method.composition().matchesRealBatches() || method.isGuidedByExperts()) {
            throw new InputException("--method " + method.label() + " has no class step that needs nothing but real and"
                    + " synthetic images: choose one of dream, dream-plus, idc, dance, idm, dm, dsa, dc");
        }
        style.check(method, method.composition());
        return bench.time(
                new StepBench(bench.shape, bench.width, step.ipc, step.factor, step.real, method, style.weights()),
                context);
    }
}
