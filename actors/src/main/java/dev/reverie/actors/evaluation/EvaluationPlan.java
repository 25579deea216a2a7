package dev.reverie.actors.evaluation;

import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DistilledSet;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an evaluation works with.
 *
 * @param memory gives the memory as it is, or as it was shortly before; empty if there is none
 * @param intake tells which classes go
 * @param threads for learners, which take their time
 * @param telemetry hears what the memory is worth
 */
public record EvaluationPlan(
        EvaluationPolicy policy,
        Supplier<CompletionStage<Optional<DistilledSet>>> memory,
        ActorRef<IntakeActor.Command> intake,
        InstantSource clock,
        Executor threads,
        TelemetryListener telemetry) {}
