package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.serialization.KryoSerializer;
import dev.reverie.actors.serialization.Transferable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A message between nodes")
class WireFormatsTest {

    @AutoClose("shutdownTestKit")
    private static final ActorTestKit TEST_KIT = ActorTestKit.create("reverie", ConfigFactory.load("reverie"));

    private static final KryoSerializer SERIALIZER =
            new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(TEST_KIT.system()));
    private static final Map<String, Transferable> MESSAGES = WireMessages.all(TEST_KIT.system());

    static Stream<String> names() {
        return MESSAGES.keySet().stream().sorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    @DisplayName("is written as in the last release, and can be read")
    void staysTheSame(String name) throws IOException {
        Transferable message = Objects.requireNonNull(MESSAGES.get(name));
        byte[] golden = golden(name);

        Object read = SERIALIZER.fromBinary(golden, manifest(name));

        assertThat(read).isInstanceOf(message.getClass());
        assertThat(SERIALIZER.toBinary(read)).isEqualTo(golden);
        assertThat(SERIALIZER.manifest(message)).isEqualTo(manifest(name));
        assertThat(SERIALIZER.toBinary(message)).isEqualTo(golden);
    }

    private static String manifest(String name) {
        int dash = name.lastIndexOf('-');
        return name.substring(0, dash) + ":" + name.substring(dash + 1);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = WireFormatsTest.class.getResourceAsStream(name + ".bin")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
