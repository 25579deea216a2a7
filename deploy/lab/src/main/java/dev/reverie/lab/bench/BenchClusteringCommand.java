package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.RangeCheck;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the k-means clustering that chooses the representatives of a class. */
@Command(
        name = "cluster",
        sortOptions = false,
        header = "Times the choice of the representatives of one class by k-means.",
        description =
                "The time does not include the embedding. The images are those of the first class of Fashion-MNIST if"
                        + " the dataset has been fetched and --shape fits; otherwise, they are random.",
        footer = {"", "Example:", "  reverie bench cluster --images 1000 --representatives 64 --json"})
final class BenchClusteringCommand extends BenchTask {

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Number of images in the class (default: ${DEFAULT-VALUE}).")
    int images;

    @Option(
            names = "--representatives",
            paramLabel = "N",
            defaultValue = "128",
            description = "Representatives to choose (default: ${DEFAULT-VALUE}).")
    int representatives;

    BenchClusteringCommand(CliContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        bench.check();
        RangeCheck.check("--images", Optional.of(images), 1, 100_000);
        ClusteringBench clustering = new ClusteringBench(bench.shape, bench.width, images, representatives);
        RangeCheck.check("--representatives", Optional.of(representatives), 1, clustering.images());
        return bench.time(clustering, context);
    }
}
