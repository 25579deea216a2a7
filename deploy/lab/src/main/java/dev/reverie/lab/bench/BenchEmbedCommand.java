package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.RangeCheck;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the embedding of many images. */
@Command(
        name = "embed",
        sortOptions = false,
        header = "Times the computation of the features of many images.",
        description = "The features are the output of the last block. Representatives are chosen by their features.",
        footer = {"", "Example:", "  reverie bench embed --images 1000 --json"})
final class BenchEmbedCommand extends BenchTask {

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Images to embed (default: ${DEFAULT-VALUE}).")
    int images;

    BenchEmbedCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        bench.check();
        RangeCheck.check("--images", Optional.of(images), 1, 100_000);
        return bench.time(new EmbedBench(bench.shape, bench.width, images), context);
    }
}
