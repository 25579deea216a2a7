package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Serialises actor references as addresses that every node can resolve. Thread safe. */
public final class ActorRefs {

    private final ActorRefResolver resolver;

    ActorRefs(ExtendedActorSystem system) {
        this.resolver = ActorRefResolver.get(Adapter.toTyped(system));
    }

    /** Writes the address of an actor. */
    public void write(Output output, ActorRef<?> actor) {
        FieldFormats.writeText(output, resolver.toSerializationFormat(actor));
    }

    /**
     * Reads a reference. If its actor no longer exists, messages to it are lost.
     *
     * @throws com.esotericsoftware.kryo.KryoException if the input is shorter than the address
     */
    public <M> ActorRef<M> read(Input input) {
        return resolver.resolveActorRef(FieldFormats.readText(input));
    }

    /**
     * Returns the format of a message that has nothing but the actor that gets the reply.
     *
     * @param name name of the message type in manifests
     * @param replyTo returns the actor that gets the reply
     * @param reader creates the message
     */
    public <T, R> VersionedFormat<T> request(
            String name, Class<T> type, Function<T, ActorRef<R>> replyTo, Function<ActorRef<R>, T> reader) {
        return VersionedFormat.of(
                name,
                type,
                (output, request) -> write(output, replyTo.apply(request)),
                input -> reader.apply(read(input)));
    }
}
