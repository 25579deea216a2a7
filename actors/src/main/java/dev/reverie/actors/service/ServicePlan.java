package dev.reverie.actors.service;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a live distillation works with.
 *
 * @param settings of images of a shape; the number of outer iterations means nothing here
 * @param budget of synthetic images; of its images per class, as many as in the settings
 * @param intake keeps the classes
 * @param retention takes out of the store what is no longer needed
 * @param clock of all durations
 * @param telemetry hears everything that happens
 */
public record ServicePlan(
        Function<ImageShape, DistillationSettings> settings,
        ServicePolicy policy,
        MemoryBudget budget,
        ActorRef<IntakeActor.Command> intake,
        Retention retention,
        EngineFactory engines,
        InstantSource clock,
        TelemetryListener telemetry) {}
