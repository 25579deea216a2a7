package dev.reverie.deploy.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cost of producing a distilled set.
 *
 * @param seconds wall time
 * @param cores number of cores available to the run
 * @param coreSeconds {@code seconds * cores}, a rough measure of the energy used
 * @param resumed whether the run was resumed; if so, the cost covers only the time since the run was last resumed
 */
public record RunCost(double seconds, int cores, double coreSeconds, boolean resumed) {

    /** Reads the cost from the manifest next to {@code set}; empty if the set is not in the folder of a run. */
    public static Optional<RunCost> of(Path set) {
        return RunFolder.manifestOf(set).flatMap(RunCost::of);
    }

    private static Optional<RunCost> of(JsonNode manifest) {
        JsonNode seconds = manifest.at("/totals/seconds");
        JsonNode cores = manifest.at("/machine/cores");
        if (!seconds.isNumber() || !cores.isInt()) {
            return Optional.empty();
        }
        return Optional.of(new RunCost(
                seconds.doubleValue(),
                cores.intValue(),
                seconds.doubleValue() * cores.intValue(),
                manifest.has("resumed_from")));
    }
}
