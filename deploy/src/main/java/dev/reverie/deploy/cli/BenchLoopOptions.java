package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.bench.LoopBench;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that set the size of an inner loop. */
final class BenchLoopOptions {

    @Mixin
    final BenchStepOptions step = new BenchStepOptions();

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Maximum number of real images per class (default: ${DEFAULT-VALUE}).")
    int images;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "500",
            description = "Number of images to train the network on after each loop (default: ${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--interval",
            paramLabel = "N",
            defaultValue = "10",
            description = "Inner loops between two clusterings that choose the representatives (default:"
                    + " ${DEFAULT-VALUE}).")
    int interval;

    /**
     * Returns the loop to measure.
     *
     * @throws dev.reverie.deploy.run.InputException if a number is out of range
     */
    LoopBench of(BenchOptions bench) {
        bench.check();
        step.check();
        RangeCheck.check("--images", Optional.of(images), step.ipc * step.factor * step.factor, 100_000);
        RangeCheck.check("--samples", Optional.of(samples), 0, 1_000_000);
        RangeCheck.check("--interval", Optional.of(interval), 1, 10_000);
        return new LoopBench(bench.shape, bench.width, step.ipc, step.factor, step.real, images, samples, interval);
    }
}
