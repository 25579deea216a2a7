package dev.reverie.deploy.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What it took to make a set.
 *
 * @param seconds of wall time
 * @param cores available to the run
 * @param coreSeconds {@code seconds * cores}: a proxy for energy
 * @param resumed whether this is of the time since the last resume alone
 */
public record RunCost(double seconds, int cores, double coreSeconds, boolean resumed) {

    /** By the manifest in the folder of a run, if {@code set} is the set of one. */
    public static Optional<RunCost> of(Path set) {
        RunFolder folder = new RunFolder(
                Optional.ofNullable(set.toAbsolutePath().getParent()).orElse(set.toAbsolutePath()));
        if (!set.toAbsolutePath().equals(folder.set()) || !Files.isReadable(folder.manifest())) {
            return Optional.empty();
        }
        try {
            JsonNode manifest = new ObjectMapper().readTree(folder.manifest().toFile());
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
        } catch (IOException _) {
            return Optional.empty(); // not ours, or cut short: the set can be judged without
        }
    }
}
