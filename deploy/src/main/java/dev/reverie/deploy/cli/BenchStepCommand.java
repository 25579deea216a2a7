package dev.reverie.deploy.cli;

import dev.reverie.deploy.bench.StepBench;
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
            "Example:",
            "  reverie bench step --shape 3,32,32 --width 128 --ipc 10 --factor 2 --real 128 --json"
        })
final class BenchStepCommand implements Callable<Integer> {

    @Mixin
    final BenchOptions bench = new BenchOptions();

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

    private final Surroundings surroundings;

    BenchStepCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        bench.check();
        Range.check("--ipc", Optional.of(ipc), 1, 1000);
        Range.check("--factor", Optional.of(factor), 1, 16);
        Range.check("--real", Optional.of(real), 1, 10_000);
        return bench.time(new StepBench(bench.shape, bench.width, ipc, factor, real), surroundings);
    }
}
