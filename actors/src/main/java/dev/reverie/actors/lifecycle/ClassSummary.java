package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * Summary of a class of a service: what clients, metrics and the coordinator see of it.
 *
 * @param index of the class: order of first arrival, from 0, never reused
 * @param seen samples accepted so far
 * @param reservoir number of real images in its reservoir
 * @param capacity maximum number of real images in its reservoir
 * @param images number of its synthetic images
 * @param innerLoops in which it was matched
 * @param matchingLoss of its last class step that reported one; empty before the first
 * @param updated when its synthetic images last changed
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
