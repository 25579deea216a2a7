package dev.reverie.deploy.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** How often an experiment is repeated. */
final class SeedOptions {

    @Option(
            names = {"--seeds", "--seed"},
            paramLabel = "S,S",
            split = ",",
            defaultValue = "0",
            description = "Of every random choice; everything is done once for each (default: ${DEFAULT-VALUE}).")
    List<Long> seeds = List.of();

    /**
     * All different.
     *
     * @throws dev.reverie.deploy.run.InputException if one is named twice
     */
    List<Long> distinct() {
        return DuplicateCheck.check("--seeds", seeds);
    }
}
