package dev.reverie.actors.lifecycle;

import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.gpu.coded.Coding;
import java.util.Optional;

/**
 * The identity and the initial settings of a class.
 *
 * @param testShare decides which images are set aside for testing; its key, always the same for the same class, is also
 *     the seed of the random choices of the reservoir
 * @param maxAge age at which real images leave; empty if images of any age stay
 * @param capacity capacity that the class gets with its first samples
 * @param coding how the synthetic images are coded, which decides how many fit into its bytes
 */
public record ClassSetup(
        int classIndex,
        String name,
        TestShare testShare,
        Optional<MaxAge> maxAge,
        ClassCapacity capacity,
        Coding coding) {}
