package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.serialization.KryoSerializer;
import dev.reverie.actors.serialization.Transferable;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A message about the history between nodes")
class HistoryFormatsTest {

    private static final String NOBODY = "pekko://reverie/user/nobody";
    /** {@link #NOBODY} with its length before it. */
    private static final String ACTOR = "1b70656b6b6f3a2f2f726576657269652f757365722f6e6f626f6479";

    @AutoClose("shutdownTestKit")
    private static final ActorTestKit TEST_KIT = ActorTestKit.create("reverie", ConfigFactory.load("reverie"));

    private static final KryoSerializer SERIALIZER =
            new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(TEST_KIT.system()));

    static Arguments[] messages() {
        return new Arguments[] {
            Arguments.of(read(new History.Query.Moments()), "read-history:1", "31c8385100" + ACTOR),
            Arguments.of(read(new History.Query.OneMoment(300)), "read-history:1", "4885085001ac02" + ACTOR),
            Arguments.of(read(new History.Query.Picture("0a1b")), "read-history:1", "f76af86b020430613162" + ACTOR),
            Arguments.of(read(new History.Query.Curves()), "read-history:1", "2c4813cf03" + ACTOR),
            Arguments.of(read(new History.Query.ClassCurve("Bär")), "read-history:1", "5d8418d1040442c3a472" + ACTOR),
            Arguments.of(
                    new ClusterHistory.Forget("Bär", nobody()), "forget-in-history:1", "e1dea72a0442c3a472" + ACTOR),
            Arguments.of(
                    new ClusterHistory.Content(Optional.of(new byte[] {1, -2, 3})),
                    "history-content:1",
                    "19114dde010301fe03"),
            Arguments.of(new ClusterHistory.Content(Optional.empty()), "history-content:1", "527d535100"),
            Arguments.of(new ClusterHistory.Forgotten(), "forgotten-in-history:1", "00000000")
        };
    }

    private static ClusterHistory.Read read(History.Query query) {
        return new ClusterHistory.Read(query, nobody());
    }

    /** An actor of another actor system. */
    private static <M> ActorRef<M> nobody() {
        return ActorRefResolver.get(TEST_KIT.system()).resolveActorRef(NOBODY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @DisplayName("is written as in the last release, and can be read")
    void staysTheSame(Transferable message, String manifest, String hex) throws Exception {
        byte[] golden = HexFormat.of().parseHex(hex);

        Object read = SERIALIZER.fromBinary(golden, manifest);

        assertThat(read).usingRecursiveComparison().isEqualTo(message);
        assertThat(SERIALIZER.manifest(message)).isEqualTo(manifest);
        assertThat(SERIALIZER.toBinary(message)).isEqualTo(golden);
    }
}
