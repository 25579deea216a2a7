package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
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

    public void write(Output output, ActorRef<?> actor) {
        FieldFormats.writeText(output, resolver.toSerializationFormat(actor));
    }

    public <M> ActorRef<M> read(Input input) {
        return resolver.resolveActorRef(FieldFormats.readText(input));
    }
}
