package dev.reverie.streams.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.cluster.ClusterClasses;
import dev.reverie.actors.cluster.ClusterConfiguration;
import dev.reverie.actors.cluster.EvaluationSingleton;
import dev.reverie.actors.cluster.NodeEventTopic;
import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.ClassDirectory;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.intake.IntakeSettingsBuilder;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.serialization.LocalSerializers;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.service.ServiceCoordinator;
import dev.reverie.actors.service.ServicePlan;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.MemoryService.MemoryView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of a service and their actor system, which ends when the intake or the coordinator stops.
 *
 * @param evaluation actor that evaluates the memory, if configured; empty in a cluster, where it can be on any node
 */
record ServiceSystem(
        ActorSystem<?> system,
        ServiceActorRefs actors,
        MemoryCache memory,
        Optional<ActorRef<EvaluationActor.Command>> evaluation,
        Optional<ClusterView> cluster) {

    /** Created before the actor system, whose threads would otherwise race to initialise the logging back end. */
    private static final Logger LOG = LoggerFactory.getLogger(ServiceSystem.class);

    /** Daemon threads, so that a running evaluation does not keep the process alive. */
    private static final Executor EVALUATION_THREADS =
            work -> Thread.ofPlatform().daemon().name("reverie-evaluation").start(work);

    /**
     * Starts the actor system.
     *
     * @param plan the plan of the intake, see {@link #intakeSettings}
     * @param listeners receive every event, in this order, from one thread
     */
    static ServiceSystem start(ServiceRequest request, IntakeSettings plan, List<TelemetryListener> listeners) {
        CompletableFuture<ServiceSystem> started = new CompletableFuture<>();
        ActorSystem.create(
                Behaviors.<Void>setup(context -> {
                    try {
                        started.complete(spawn(context, request, plan, listeners));
                    } catch (RuntimeException failure) {
                        started.completeExceptionally(failure);
                        throw failure;
                    }
                    return stopWithChildren();
                }),
                ClusterConfiguration.SYSTEM,
                configuration(request));
        return started.join();
    }

    private static Config configuration(ServiceRequest request) {
        Optional<Config> cluster = request.cluster()
                .map(node -> ClusterConfiguration.of(node.settings(), node.version(), node.agreement()));
        Config settings = request.store()
                .configuration()
                .withFallback(cluster.orElse(ConfigFactory.empty()))
                .withFallback(ConfigFactory.load("reverie"))
                .resolve();
        return cluster.isPresent() ? settings : LocalSerializers.only(settings);
    }

    private static ServiceSystem spawn(
            ActorContext<Void> context,
            ServiceRequest request,
            IntakeSettings plan,
            List<TelemetryListener> listeners) {
        CompletableFuture<MemoryCache> cache = new CompletableFuture<>();
        TelemetryListener telemetry =
                telemetry(context, request, Stream.concat(Stream.of(dropForgotten(cache)), listeners.stream()));
        Optional<ClusterClasses> cluster = request.cluster().map(_ -> ClusterClasses.start(context.getSystem(), plan));
        ClassDirectory directory =
                cluster.<ClassDirectory>map(shared -> shared).orElseGet(() -> ClassDirectory.local(plan));
        ActorRef<IntakeActor.Command> intake = context.spawn(IntakeActor.create(plan, directory), "intake");
        ActorRef<ServiceCommand> coordinator = context.spawn(
                ServiceCoordinator.create(new ServicePlan(
                        request.settings(),
                        request.policy(),
                        request.budget(),
                        plan.memoryCost(),
                        intake,
                        directory,
                        request.store(),
                        request.engines(),
                        request.steadyClock(),
                        telemetry)),
                "coordinator");
        context.watch(intake);
        context.watch(coordinator);
        ServiceActorRefs actors = new ServiceActorRefs(
                intake, coordinator, directory::livesHere, context.getSystem().scheduler());
        Executor coder = context.getSystem()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("reverie.http-encode-dispatcher"));
        MemoryCache memory = memory(request, actors, coder, telemetry);
        cache.complete(memory);
        Optional<ActorRef<EvaluationActor.Command>> evaluation = request.evaluation()
                .map(policy -> evaluationPlan(policy, request, actors, memory, telemetry))
                .flatMap(evaluating -> startEvaluation(context, evaluating, cluster.isPresent()));
        Optional<ClusterView> view = cluster.map(classes -> new PekkoClusterView(
                Cluster.get(context.getSystem()),
                request.cluster().orElseThrow().settings().members(),
                classes::placement,
                classes::moves));
        return new ServiceSystem(context.getSystem(), actors, memory, evaluation, view);
    }

    /** Returns the listener for the events of this process, which in a cluster also get to the other nodes. */
    private static TelemetryListener telemetry(
            ActorContext<Void> context, ServiceRequest request, Stream<TelemetryListener> listeners) {
        Optional<NodeEventTopic> shared = request.cluster()
                .map(node -> NodeEventTopic.open(context, node.settings().address()));
        TelemetryListener telemetry = TelemetryActor.publisher(context.spawn(
                TelemetryActor.create(Stream.concat(listeners, shared.stream()).toList()), "telemetry"));
        shared.ifPresent(events -> events.deliverTo(context, telemetry));
        return telemetry;
    }

    /** Drops a cached memory that may have a forgotten class, also if another node was asked to forget it. */
    private static TelemetryListener dropForgotten(CompletableFuture<MemoryCache> cache) {
        return event -> {
            if (event instanceof TelemetryEvent.ClassPhaseChanged changed
                    && changed.phase().isEmpty()) {
                cache.join().invalidate();
            }
        };
    }

    private static MemoryCache memory(
            ServiceRequest request, ServiceActorRefs actors, Executor coder, TelemetryListener telemetry) {
        return new MemoryCache(
                actors::memoryInputs,
                new ServedClasses(request.budget(), actors.scheduler()),
                request::factor,
                request.clock(),
                request.steadyClock(),
                coder,
                seconds -> telemetry.on(new TelemetryEvent.MemoryGathered(seconds)));
    }

    private static EvaluationActor.Plan evaluationPlan(
            EvaluationPolicy policy,
            ServiceRequest request,
            ServiceActorRefs actors,
            MemoryCache memory,
            TelemetryListener telemetry) {
        return new EvaluationActor.Plan(
                policy,
                () -> memory.get().thenApply(view -> view.map(MemoryView::set)),
                actors::testImages,
                actors.intake(),
                request.clock(),
                request.steadyClock(),
                EVALUATION_THREADS,
                telemetry);
    }

    /** Starts the actor that evaluates the memory, which is no actor of this process in a cluster. */
    private static Optional<ActorRef<EvaluationActor.Command>> startEvaluation(
            ActorContext<Void> context, EvaluationActor.Plan plan, boolean shared) {
        if (shared) {
            EvaluationSingleton.start(context, plan);
            return Optional.empty();
        }
        return Optional.of(context.spawn(EvaluationActor.create(plan), "evaluation"));
    }

    static IntakeSettings intakeSettings(ServiceRequest request) {
        return IntakeSettingsBuilder.builder()
                .distillation(request.settings())
                .coding(request.budget().coding())
                .limits(limits(request))
                .size(request.size())
                .channels(request.channels())
                .retention(request.store())
                .damage(request.store().damage())
                .clock(request.clock())
                .testShare(request.evaluation().map(EvaluationPolicy::testShare).orElse(0.0))
                .maxAge(maxAge(request))
                .learnedBytes(Runtime.getRuntime().maxMemory() / 2) // the rest is for real images and deliveries
                .build();
    }

    /** In a cluster, a majority of the nodes must be able to hold the classes of the others, too. */
    private static IntakeLimits limits(ServiceRequest request) {
        int nodes = request.cluster().map(node -> node.settings().majority()).orElse(1);
        return request.limits().ofNodes(nodes);
    }

    private static Optional<MaxAge> maxAge(ServiceRequest request) {
        int testImages = request.evaluation().map(EvaluationPolicy::minImages).orElse(0);
        return request.limits()
                .maxAge()
                .map(age -> new MaxAge(age, request.policy().minImages(), testImages));
    }

    /** Stops the system if the intake or the coordinator stops: the service cannot work without them. */
    private static Behavior<Void> stopWithChildren() {
        return Behaviors.receiveSignal((context, signal) -> {
            if (signal instanceof Terminated gone) {
                LOG.error(
                        "The {} actor stopped unexpectedly, so the service stops: look for the cause in the log,"
                                + " then start it again",
                        gone.getRef().path().name());
                return Behaviors.stopped();
            }
            return Behaviors.same();
        });
    }

    /**
     * Terminates an actor system, also if one of its actors hangs.
     *
     * @param patience time after which actors that have not stopped are logged and left behind
     */
    static CompletionStage<Done> terminate(ActorSystem<?> system, Duration patience) {
        system.terminate();
        return system.getWhenTerminated()
                .toCompletableFuture()
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    LOG.error(
                            "The service ends although some of its actors may still run: attach this log to a bug"
                                    + " report\n{}",
                            system.printTree(),
                            Asks.causeOf(failure));
                    return Done.getInstance();
                });
    }
}
