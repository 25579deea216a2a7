package dev.reverie.deploy.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option for the seeds of an experiment, which runs once per seed. */
public final class SeedOptions {

    @Option(
            names = {"--seeds", "--seed"},
            paramLabel = "S,S",
            split = ",",
            defaultValue = "0",
            description = "Seeds of all random choices; the experiment runs once per seed (default: ${DEFAULT-VALUE}).")
    List<Long> seeds = List.of();

    /**
     * Returns the seeds, which are all different.
     *
     * @throws dev.reverie.deploy.run.InputException if a seed is named twice
     */
    public List<Long> distinct() {
        return DuplicateCheck.check("--seeds", seeds);
    }
}
