package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The status of a class in a running service.
 *
 * @param index position in the order of first arrival, starting at 0; never reused
 * @param seen number of samples accepted so far
 * @param reservoir number of real images in the reservoir
 * @param images number of synthetic images stored
 * @param innerLoops number of inner loops that matched the class
 * @param matchingLoss matching loss of the last class step; empty before the first class step
 * @param updated time at which the synthetic images last changed
 * @param sealRequested whether the class is to be sealed as soon as it converges; false for a sealed class
 * @param damaged whether rows of the class in the store are damaged; the class is then not served, and only its label
 *     and index are known
 */
public record ClassStatus(
        String label,
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
