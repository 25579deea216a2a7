package dev.reverie.actors.cluster;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.ClassDirectory;
import dev.reverie.actors.intake.ClassFactory;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.telemetry.ClassMoves;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.pattern.Patterns;

/** The registry and the classes of a cluster, as one of its nodes reaches them. */
public final class ClusterClasses implements ClassDirectory {

    /** Must be the same on all nodes of all versions. */
    private static final int SHARDS = 1000;

    private final ActorRef<Registrar.Command> registrar;
    private final ActorRef<ShardingEnvelope<ClassMessage>> region;

    private final ActorSystem<?> system;
    private final LocalClasses localClasses;

    private ClusterClasses(
            ActorRef<Registrar.Command> registrar,
            ActorRef<ShardingEnvelope<ClassMessage>> region,
            ActorSystem<?> system,
            LocalClasses localClasses) {
        this.registrar = registrar;
        this.region = region;
        this.system = system;
        this.localClasses = localClasses;
    }

    /** Starts the sharding of the classes and the singleton of the registrar on this node. */
    public static ClusterClasses start(ActorSystem<?> system, IntakeSettings settings) {
        JoinDeadline.start(system);
        ClassFactory factory = new ClassFactory(settings);
        LocalClasses localClasses = new LocalClasses();
        return new ClusterClasses(
                ClusterSingleton.get(system)
                        // The usual stop signal would be ignored, as AbstractMatchingBehavior ignores all signals.
                        .init(SingletonActor.of(
                                        Registrar.create(
                                                settings.retention(),
                                                settings.damage(),
                                                settings.clock(),
                                                new Nodes(system)),
                                        "registrar")
                                .withStopMessage(new Registrar.Stop())),
                ClusterSharding.get(system)
                        .init(Entity.of(
                                        ClassEntity.KEY,
                                        entity -> ClassEntity.create(
                                                Integer.parseInt(entity.getEntityId()), factory, localClasses))
                                .withStopMessage(new ClassEntity.HandOff())
                                .withMessageExtractor(new ByIndex())),
                system,
                localClasses);
    }

    /** Asks all nodes which classes live on them. */
    public CompletionStage<Placement> placement() {
        return Placement.of(system);
    }

    /** How many classes live on this node, and how many have come and gone. */
    public ClassMoves moves() {
        return localClasses.moves();
    }

    /**
     * The nodes of a cluster as followers of the registry. The store rejects what a node writes of a forgotten class.
     */
    private record Nodes(ActorSystem<?> system) implements Registrar.Followers {

        /** Time after which a published registry shows on all nodes, which look for a new one every 50 ms. */
        private static final Duration VISIBLE = Duration.ofMillis(200);

        @Override
        public <M> void publish(ActorContext<M> registrar, ClassRegistryState registry, Supplier<M> done) {
            new RegistryView<>(registrar).publish(registry, done);
        }

        @Override
        public boolean tell(ClassRegistryActor.Failed failed) {
            return false;
        }

        @Override
        public CompletionStage<Done> departure(int index) {
            return Patterns.after(
                    VISIBLE, system.classicSystem(), () -> CompletableFuture.completedStage(Done.getInstance()));
        }
    }

    /** Divides the classes among the shards by their index, so that neighbours live on different nodes. */
    private static final class ByIndex extends ShardingMessageExtractor<ShardingEnvelope<ClassMessage>, ClassMessage> {

        @Override
        public String entityId(ShardingEnvelope<ClassMessage> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            return String.valueOf(Integer.parseInt(entityId) % SHARDS);
        }

        @Override
        public ClassMessage unwrapMessage(ShardingEnvelope<ClassMessage> envelope) {
            return envelope.message();
        }
    }

    /** The classes follow the registry by themselves. */
    @Override
    public void onRegistry(ClassRegistryState registry) {}

    @Override
    public boolean livesHere(int classIndex) {
        return localClasses.contains(classIndex);
    }

    @Override
    public void onDeparture(IntConsumer listener) {
        localClasses.onDeparture(listener);
    }

    @Override
    public Optional<String> node() {
        return Optional.of(Placement.node(Cluster.get(system).selfMember().address()));
    }

    @Override
    public ActorRef<ClassRegistryActor.Append> registry(
            ActorContext<?> context, ActorRef<ClassRegistryActor.Report> reports) {
        return context.spawn(RegistryProxy.create(registrar, reports), "registry");
    }

    @Override
    public ActorRef<ClassMessage> open(
            ActorContext<?> context, ClassRegistryState registry, int classIndex, ActorRef<ClassReport> reports) {
        return context.spawn(ClassProxy.create(classIndex, region, reports), "class-" + classIndex);
    }
}
