package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.RangeCheck;
import dev.reverie.deploy.run.InputException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that set the size of an inner loop. */
final class BenchLoopOptions {

    private static final int MAX_IMAGES = 100_000;

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
            description = "Inner loops between two choices of representatives (default: ${DEFAULT-VALUE}).")
    int interval;

    /**
     * Returns the loop to measure.
     *
     * @throws InputException if a number is out of range
     */
    LoopBench of(BenchOptions bench) {
        bench.check();
        step.check(bench.shape, LoopBench.CLASSES);
        int composed = step.ipc * step.factor * step.factor;
        if (composed > MAX_IMAGES) {
            throw new InputException("--ipc " + step.ipc + " with --factor " + step.factor + " needs " + composed
                    + " images per class, more than " + MAX_IMAGES + ": lower one of them");
        }
        RangeCheck.check("--images", Optional.of(images), composed, MAX_IMAGES);
        RangeCheck.check("--samples", Optional.of(samples), 0, RangeCheck.MANY);
        RangeCheck.check("--interval", Optional.of(interval), 1, 10_000);
        return new LoopBench(bench.shape, bench.width, step.ipc, step.factor, step.real, images, samples, interval);
    }
}
