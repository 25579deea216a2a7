package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The status of a class in a running service.
 *
 * @param index position in the order of first arrival, from 0; never reused
 * @param seen samples accepted so far
 * @param reservoir real images held now
 * @param images synthetic images stored now
 * @param innerLoops number of inner loops in which the class was matched
 * @param matchingLoss of its last class step; empty before the first
 * @param updated when its synthetic images last changed
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
        Instant updated) {}
