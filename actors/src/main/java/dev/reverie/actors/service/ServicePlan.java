package dev.reverie.actors.service;

import dev.reverie.actors.intake.ClassDirectory;
import dev.reverie.actors.intake.ClassMemoryCost;
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
 * The input for a service's distillation: settings, policies and dependencies.
 *
 * @param settings returns the settings for images of a given shape; the number of outer iterations in these settings is
 *     ignored
 * @param budget limits on what the classes store; its images per class equal those of the settings
 * @param cost the heap memory of the classes, which can limit the images further
 * @param directory says which classes live in this process, which are the ones to distil here
 * @param retention deletes stored events that are no longer needed
 */
public record ServicePlan(
        Function<ImageShape, DistillationSettings> settings,
        ServicePolicy policy,
        MemoryBudget budget,
        ClassMemoryCost cost,
        ActorRef<IntakeActor.Command> intake,
        ClassDirectory directory,
        Retention retention,
        EngineFactory engines,
        InstantSource clock,
        TelemetryListener telemetry) {}
