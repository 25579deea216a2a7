package dev.reverie.actors.cluster;

import dev.reverie.actors.registry.ClassRegistryState;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWRegister;
import org.apache.pekko.cluster.ddata.LWWRegisterKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;

/**
 * The copy of the durable registry that every node of a cluster has. The copy of a node never goes back to an earlier
 * revision.
 *
 * @param <M> type of the messages of the actor that uses the view
 */
final class RegistryView<M> {

    private static final Key<LWWRegister<ClassRegistryState>> KEY = LWWRegisterKey.create("registry");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ReplicatorMessageAdapter<M, LWWRegister<ClassRegistryState>> replicator;
    private final SelfUniqueAddress node;

    RegistryView(ActorContext<M> context) {
        DistributedData data = DistributedData.get(context.getSystem());
        this.replicator = new ReplicatorMessageAdapter<>(context, data.replicator(), TIMEOUT.multipliedBy(2));
        this.node = data.selfUniqueAddress();
    }

    /** Sends the actor the registry of this node as soon as the node has one, and after every change. */
    void subscribe(Function<ClassRegistryState, M> message) {
        replicator.subscribe(
                KEY, response -> message.apply(registerIn(response, KEY).getValue()));
    }

    /** What a subscriber of a register that is never deleted is told. */
    static <T> LWWRegister<T> registerIn(
            Replicator.SubscribeResponse<LWWRegister<T>> response, Key<LWWRegister<T>> key) {
        if (response instanceof Replicator.Changed<LWWRegister<T>> changed) {
            return changed.get(key);
        }
        throw new IllegalStateException("a cluster never deletes a register: " + response);
    }

    /**
     * Publishes a durable registry to all nodes.
     *
     * @param done creates the message that follows when all reachable nodes have the registry, or after 2 s
     */
    void publish(ClassRegistryState registry, Supplier<M> done) {
        replicator.askUpdate(
                replyTo -> new Replicator.Update<>(
                        KEY,
                        LWWRegister.create(node, ClassRegistryState.EMPTY, RegistryView::revision),
                        new Replicator.WriteAll(TIMEOUT),
                        replyTo,
                        known -> known.getValue().revision() < registry.revision()
                                ? known.withValue(node, registry, RegistryView::revision)
                                : known),
                response -> done.get());
    }

    private static long revision(long previous, ClassRegistryState registry) {
        return registry.revision();
    }
}
