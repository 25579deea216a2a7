package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A class as seen from outside.
 *
 * @param label class index
 * @param seen samples admitted so far
 * @param reservoir real images held now
 * @param capacity real images it may hold
 * @param images synthetic images stored now
 * @param innerLoops in which it was matched
 * @param matchingLoss of its last class step that told one
 * @param updated when its synthetic images last changed
 */
public record ClassView(
        int label,
        ClassPhase phase,
        long seen,
        int reservoir,
        int capacity,
        int images,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated)
        implements Transferable {}
