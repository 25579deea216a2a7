package dev.reverie.deploy.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that set the size of a class step. */
final class BenchStepOptions {

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stored synthetic images per class (default: ${DEFAULT-VALUE}).")
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
            description = "Real images per class step (default: ${DEFAULT-VALUE}).")
    int real;

    /** Checks each option by itself. */
    void check() {
        RangeCheck.check("--ipc", Optional.of(ipc), 1, 1000);
        RangeCheck.check("--factor", Optional.of(factor), 1, 16);
        RangeCheck.check("--real", Optional.of(real), 1, 10_000);
    }
}
