package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.RangeCheck;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times one training step. */
@Command(
        name = "train",
        sortOptions = false,
        header = "Times one training step of the matching network on random images.",
        description = "The step consists of augmentation, the forward and backward passes, and the update.",
        footer = {"", "Example:", "  reverie bench train --batch 256 --json"})
final class BenchTrainCommand extends BenchTask {

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images per step (default: ${DEFAULT-VALUE}).")
    int batch;

    BenchTrainCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        bench.check();
        RangeCheck.check("--batch", Optional.of(batch), 1, 10_000);
        return bench.time(new TrainBench(bench.shape, bench.width, batch), context);
    }
}
