package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.StepBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Times one class step. */
@Command(
        name = "step",
        sortOptions = false,
        header = "Times one class step of gradient matching on random images.",
        description =
                "The step consists of both gradients, their distance, and its derivative with respect to the images.",
        footer = {
            "",
            "Example:",
            "  reverie bench step --shape 3,32,32 --width 128 --ipc 10 --factor 2 --real 128 --json"
        })
final class BenchStepCommand extends BenchTask {

    @Mixin
    final BenchStepOptions step = new BenchStepOptions();

    BenchStepCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        bench.check();
        step.check();
        return bench.time(new StepBench(bench.shape, bench.width, step.ipc, step.factor, step.real), context);
    }
}
