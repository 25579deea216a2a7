package dev.reverie.actors.cluster;

import dev.reverie.actors.registry.ClassRegistryFormats;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises the messages of the links on the nodes of a cluster. */
public final class ClusterFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        130,
                        "observe-class",
                        ClassEntity.Observe.class,
                        (output, observe) -> actors.write(output, observe.observer()),
                        input -> new ClassEntity.Observe(actors.read(input))),
                VersionedFormat.of(
                        131,
                        "append-to-registry",
                        Registrar.Append.class,
                        (output, append) -> {
                            ClassRegistryFormats.writeAppend(output, append.change());
                            actors.write(output, append.replyTo());
                        },
                        input -> new Registrar.Append(ClassRegistryFormats.readAppend(input), actors.read(input))));
    }
}
