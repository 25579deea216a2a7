package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A summary of one class in a service, for clients, metrics and the coordinator.
 *
 * @param index class index, assigned in the order of first arrival, starting from 0, and never reused
 * @param seen number of samples accepted so far
 * @param reservoir number of real images in the reservoir
 * @param capacity maximum number of real images in the reservoir
 * @param images number of synthetic images
 * @param innerLoops number of inner loops in which the class was matched
 * @param matchingLoss matching loss of the last class step; empty before the first one
 * @param updated time at which the synthetic images last changed
 */
public record ClassSummary(
        int index,
        String name,
        ClassPhase phase,
        long seen,
        int reservoir,
        int capacity,
        int images,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated)
        implements Transferable {}
