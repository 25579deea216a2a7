package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.StyleOptions;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of single computations of an engine. */
final class ComputeCommands {

    private ComputeCommands() {}

    @Command(
            name = "step",
            sortOptions = false,
            header = "Times one class step on random images, with the published settings of a method.",
            description =
                    "The step consists of the quantities that the method matches, on real and on synthetic images,"
                            + " of their distance, and of its derivative with respect to the synthetic images.",
            footer = {
                "",
                "Example:",
                "  reverie bench step --shape 3,32,32 --width 128 --ipc 10 --factor 2 --real 128 --json",
                "  reverie bench step --shape 3,32,32 --method dm --factor 1 --style-moments 180"
            })
    static final class Step extends EngineBench {

        @Mixin
        final StepSize step = new StepSize();

        @Mixin
        final StyleOptions style = new StyleOptions();

        Step(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            check();
            step.check(shape, 1);
            style.check(step.method, step.method.composition(), "");
            return time(new EngineWorkload.Step(
                    shape, width, step.ipc, step.factor, step.real, step.method, style.weights()));
        }
    }

    @Command(
            name = "train",
            sortOptions = false,
            header = "Times one training step of the matching network on random images.",
            description = "The step consists of augmentation, the forward and backward passes, and the update.",
            footer = {"", "Example:", "  reverie bench train --batch 256 --json"})
    static final class Train extends EngineBench {

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "128",
                description = "Images per step (default: ${DEFAULT-VALUE}).")
        int batch;

        Train(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            check();
            OptionCheck.range("--batch", Optional.of(batch), 1, 10_000);
            return time(new EngineWorkload.Train(shape, width, batch));
        }
    }

    @Command(
            name = "embed",
            sortOptions = false,
            header = "Times the computation of the features of many images.",
            description =
                    "The features are the output of the last block. Representatives are chosen by their features.",
            footer = {"", "Example:", "  reverie bench embed --images 1000 --json"})
    static final class Embed extends EngineBench {

        @Option(
                names = "--images",
                paramLabel = "N",
                defaultValue = "6000",
                description = "Images to embed (default: ${DEFAULT-VALUE}).")
        int images;

        Embed(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            check();
            OptionCheck.range("--images", Optional.of(images), 1, 100_000);
            return time(new EngineWorkload.Embed(shape, width, images));
        }
    }

    @Command(
            name = "cluster",
            sortOptions = false,
            header = "Times the choice of the representatives of one class by k-means.",
            description =
                    "The time does not include the embedding. The images are those of the first class of Fashion-MNIST if"
                            + " the dataset has been fetched and --shape fits; otherwise, they are random.",
            footer = {"", "Example:", "  reverie bench cluster --images 1000 --representatives 64 --json"})
    static final class Cluster extends EngineBench {

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

        Cluster(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() {
            check();
            OptionCheck.range("--images", Optional.of(images), 1, 100_000);
            EngineWorkload.Cluster workload =
                    new EngineWorkload.Cluster(shape, width, images, representatives, BenchImages.of(shape));
            OptionCheck.range("--representatives", Optional.of(representatives), 1, workload.images());
            return time(workload);
        }
    }
}
