package dev.reverie.client;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The status of a class.
 *
 * @param name name that people read in place of the label; empty if they read the label
 * @param index position in the order of first arrival, starting at 0; never reused
 * @param seen number of samples accepted so far
 * @param reservoir number of real images that the service keeps
 * @param images number of synthetic images stored
 * @param innerLoops number of inner loops that matched the class
 * @param matchingLoss matching loss of the last class step; empty before the first class step
 * @param updated time at which the synthetic images last changed
 * @param sealRequested whether the class is to be sealed as soon as it converges; false for a sealed class
 * @param damaged whether rows of the class in the store are damaged; the memory then does not contain the class
 */
public record ClassStatus(
        String label,
        Optional<String> name,
        int index,
        ClassPhase phase,
        long seen,
        int reservoir,
        int images,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated,
        boolean sealRequested,
        boolean damaged) {}
