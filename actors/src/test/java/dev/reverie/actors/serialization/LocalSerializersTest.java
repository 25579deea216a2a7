package dev.reverie.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.util.Set;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The serialisers of a system of one process")
class LocalSerializersTest {

    private static final String SERIALIZERS = "pekko.actor.serializers";

    @Test
    @DisplayName("are all but those for messages between processes")
    void dropsRemoteSerializers() {
        Config all = ConfigFactory.load("reverie");

        Config local = LocalSerializers.only(all);

        assertThat(names(all))
                .contains("artery", "pekko-cluster", "pekko-sharding", "pekko-replicated-data", "reverie");
        assertThat(names(local))
                .contains("java", "bytes", "pekko-persistence-message", "reverie")
                .doesNotContain("artery", "pekko-cluster", "pekko-sharding", "pekko-replicated-data");
    }

    @Test
    @DisplayName("write a stored value with the serialiser of Reverie")
    void keepsStoredValues() throws NotSerializableException {
        ActorSystem system = ActorSystem.create("local", LocalSerializers.only(ConfigFactory.load("reverie")));
        try {
            Serialization serialization = SerializationExtension.get(system);

            assertThat(serialization.serializerFor(Transferable.class)).isInstanceOf(KryoSerializer.class);
            assertThat(serialization.serializerFor(String.class).toBinary("kept"))
                    .isNotEmpty();
        } finally {
            TestKit.shutdownActorSystem(system);
        }
    }

    private static Set<String> names(Config settings) {
        return settings.getObject(SERIALIZERS).keySet();
    }
}
