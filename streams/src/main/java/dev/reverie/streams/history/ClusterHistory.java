package dev.reverie.streams.history;

import dev.reverie.actors.Asks;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of the memory of a cluster. Every node records a history, and all nodes show that of the oldest node: a
 * Cluster Singleton reads it. So a client can list the moments on one node and read them from another. When the oldest
 * node ends, the next one has a history already.
 */
public final class ClusterHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterHistory.class);

    /** Requests to the oldest node, whose history all nodes show. */
    sealed interface Message extends Transferable {}

    record Read(History.Query query, ActorRef<Content> replyTo) implements Message {}

    record Forget(String label, ActorRef<Forgotten> replyTo) implements Message {}

    /**
     * The content of a part of the history.
     *
     * @param bytes empty if the history has no such moment or picture; must not be modified
     */
    record Content(Optional<byte[]> bytes) implements Transferable {}

    /** No client can read the class any more. */
    record Forgotten() implements Transferable {}

    private final MemoryHistory local;
    private final ActorRef<Message> oldest;
    private final ActorSystem<?> system;

    private ClusterHistory(MemoryHistory local, ActorRef<Message> oldest, ActorSystem<?> system) {
        this.local = local;
        this.oldest = oldest;
        this.system = system;
    }

    /**
     * Lets a node read the history of the oldest node.
     *
     * @param local the history that this node records, which the others read while this node is the oldest one
     */
    public static ClusterHistory of(MemoryHistory local, ActorSystem<?> system) {
        return new ClusterHistory(
                local,
                ClusterSingleton.get(system)
                        .init(SingletonActor.of(
                                Behaviors.supervise(reader(local)).onFailure(SupervisorStrategy.restart()), "history")),
                system);
    }

    private static Behavior<Message> reader(MemoryHistory history) {
        return Behaviors.receive(Message.class)
                .onMessage(Read.class, read -> {
                    read.replyTo().tell(new Content(history.content(read.query())));
                    return Behaviors.same();
                })
                .onMessage(Forget.class, forget -> {
                    history.remove(forget.label());
                    forget.replyTo().tell(new Forgotten());
                    return Behaviors.same();
                })
                .build();
    }

    @Override
    public CompletionStage<Optional<byte[]>> read(History.Query query) {
        return Asks.<Message, Content>askRepeatedly(oldest, replyTo -> new Read(query, replyTo), system.scheduler())
                .thenApply(Content::bytes)
                .exceptionallyCompose(failure -> {
                    LOG.debug("The history of the oldest node cannot be read", failure);
                    return CompletableFuture.failedStage(new UnavailableException(
                            "the node that has the history does not answer: send the request again later"));
                });
    }

    /** Estimates by the history of this node, which is smaller than that of the oldest one while the node is new. */
    @Override
    public long estimate(History.Query query) {
        return local.estimate(query);
    }

    /** If the oldest node does not answer, it removes the class when it learns that the class is forgotten. */
    @Override
    public CompletionStage<Done> forget(String label) {
        local.remove(label);
        return Asks.<Message, Forgotten>askRepeatedly(oldest, replyTo -> new Forget(label, replyTo), system.scheduler())
                .handle((_, failure) -> {
                    if (failure != null) {
                        LOG.debug("The oldest node does not answer, so its history drops the class later", failure);
                    }
                    return Done.getInstance();
                });
    }
}
