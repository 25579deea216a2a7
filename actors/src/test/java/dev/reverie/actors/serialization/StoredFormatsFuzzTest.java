package dev.reverie.actors.serialization;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigFactory;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The readers of stored events and snapshots read or refuse any bytes")
class StoredFormatsFuzzTest {

    private static final List<String> MANIFESTS = StoredValues.all().keySet().stream()
            .sorted()
            .map(name -> name.substring(0, name.lastIndexOf('-')) + ":" + name.substring(name.lastIndexOf('-') + 1))
            .toList();
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load("reverie"));
    private static final KryoSerializer SERIALIZER =
            new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @FuzzTest
    @DisplayName("of every format, which the first byte chooses, with a checksum that is right")
    void stored(byte[] content) throws Exception {
        if (content.length > 0) {
            String manifest = MANIFESTS.get(Byte.toUnsignedInt(content[0]) % MANIFESTS.size());
            UntrustedInput.readOrRefused(
                    () -> SERIALIZER.fromBinary(withChecksum(content), manifest), UnreadableDataException.class);
        }
    }

    private static byte[] withChecksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content, 1, content.length - 1);
        return ByteBuffer.allocate(Integer.BYTES + content.length - 1)
                .putInt((int) checksum.getValue())
                .put(content, 1, content.length - 1)
                .array();
    }
}
