package dev.reverie.streams.folder;

import dev.reverie.streams.service.Readiness;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The folder of a cluster, which all nodes mount: a Cluster Singleton, so that one node at a time ingests its files,
 * and another one goes on when that node leaves or fails. A node that leaves stops scanning, and finishes the files in
 * work, before another one begins.
 */
final class FolderSingleton implements WatchedFolder {

    /** Shorter than the 10 s that Pekko gives a node to hand over what it has. */
    private static final Duration HAND_OVER = Duration.ofSeconds(5);

    /** Called when this node begins to ingest the files. */
    private final Supplier<FolderIngest> opening;
    /** Empty until this node begins to ingest the files. */
    private Optional<FolderIngest> ingest = Optional.empty();

    private boolean stopping;

    FolderSingleton(Supplier<FolderIngest> opening) {
        this.opening = opening;
    }

    /** Makes a node able to ingest the files of a folder. */
    static FolderSingleton join(ActorSystem<?> system, Supplier<FolderIngest> opening) {
        FolderSingleton folder = new FolderSingleton(opening);
        ClusterSingleton.get(system)
                .init(SingletonActor.of(folder.behaviour(), "folder").withStopMessage(Command.STOP));
        return folder;
    }

    enum Command implements NoSerializationVerificationNeeded {
        STOP,
        STOPPED
    }

    Behavior<Command> behaviour() {
        return Behaviors.setup(context -> {
            begin();
            return Behaviors.receive(Command.class)
                    .onMessageEquals(Command.STOP, () -> handOver(context))
                    .onMessageEquals(Command.STOPPED, Behaviors::stopped)
                    .onSignal(PostStop.class, _ -> abandon())
                    .build();
        });
    }

    /**
     * Begins to ingest, unless the service of this node is stopping: then the next node begins when this one leaves.
     */
    private synchronized void begin() {
        if (!stopping) {
            ingest = Optional.of(opening.get());
        }
    }

    private Behavior<Command> handOver(ActorContext<Command> context) {
        context.pipeToSelf(stop(HAND_OVER), (_, _) -> Command.STOPPED);
        return Behaviors.same();
    }

    /** Stops at once, since a node that the others have removed hands nothing over. */
    private Behavior<Command> abandon() {
        stop(Duration.ZERO);
        return Behaviors.same();
    }

    @Override
    public synchronized Readiness.Check check() {
        return ingest.map(FolderIngest::check)
                .orElseGet(() -> new Readiness.Check(
                        FolderIngest.NAME, !stopping, stopping ? "is stopped" : "is watched by another node"));
    }

    @Override
    public synchronized CompletionStage<Done> stop(Duration grace) {
        stopping = true;
        return ingest.map(folder -> folder.stop(grace))
                .orElseGet(() -> CompletableFuture.completedStage(Done.getInstance()));
    }
}
