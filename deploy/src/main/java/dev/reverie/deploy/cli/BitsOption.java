package dev.reverie.deploy.cli;

import dev.reverie.gpu.dataset.Bits;
import picocli.CommandLine.Option;

/** The number of bits in which stored images are kept. */
public final class BitsOption {

    @Option(
            names = "--bits",
            paramLabel = "B",
            defaultValue = "8",
            description = "Bits per value of a stored image: 8, 4 or 2 (default: ${DEFAULT-VALUE}).")
    public Bits bits = Bits.EIGHT;
}
