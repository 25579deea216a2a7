package dev.reverie.actors.intake;

import dev.reverie.actors.store.Retention;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What an intake works with.
 *
 * @param settings of the distillation that its classes take part in, given the shape of the images
 * @param retention takes out of the store what is no longer needed
 * @param clock of what classes say about their age
 */
public record IntakePlan(
        Function<ImageShape, DistillationSettings> settings,
        IntakeLimits limits,
        Retention retention,
        InstantSource clock) {}
