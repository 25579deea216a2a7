package dev.reverie.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A stored value")
class KryoSerializerTest {

    @AutoClose("shutdownTestKit")
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load("reverie"));

    private static final KryoSerializer SERIALIZER =
            new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(TEST_KIT.system()));

    static Stream<String> names() {
        return StoredValues.all().keySet().stream().sorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    @DisplayName("in a current format can be read, and is still written the same")
    void readsGoldenBytes(String name) throws IOException {
        Transferable value = Objects.requireNonNull(StoredValues.all().get(name));
        byte[] golden = golden(name);
        String manifest = manifest(name);

        assertThat(SERIALIZER.fromBinary(golden, manifest))
                .usingRecursiveComparison()
                .isEqualTo(value);
        assertThat(SERIALIZER.manifest(value)).isEqualTo(manifest);
        assertThat(SERIALIZER.toBinary(value)).isEqualTo(golden);
    }

    static Stream<String> earlierNames() {
        return StoredValues.earlier().keySet().stream().sorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("earlierNames")
    @DisplayName("in a format that is no longer written can still be read")
    void readsEarlierFormats(String name) throws IOException {
        assertThat(SERIALIZER.fromBinary(golden(name), manifest(name)))
                .usingRecursiveComparison()
                .isEqualTo(StoredValues.earlier().get(name));
    }

    static Stream<String> formats() {
        Layouts layouts = Layouts.BASIC.withActors((ExtendedActorSystem) Adapter.toClassic(TEST_KIT.system()));
        return ServiceLoader.load(FormatProvider.class).stream()
                .flatMap(provider -> provider.get().formats(layouts).stream())
                .map(format -> format.name() + "-" + format.version() + ".bin");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    @DisplayName("has a golden file, as a message between nodes has")
    void hasGoldenFile(String file) {
        assertThat(KryoSerializerTest.class.getResource(file) != null
                        || KryoSerializerTest.class.getResource("/dev/reverie/actors/cluster/" + file) != null)
                .isTrue();
    }

    private static String manifest(String name) {
        int dash = name.lastIndexOf('-');
        return name.substring(0, dash) + ":" + name.substring(dash + 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    @DisplayName("is refused if a bit of any byte is flipped or its end is missing")
    void refusesDamage(String name) throws IOException {
        Transferable value = Objects.requireNonNull(StoredValues.all().get(name));
        byte[] bytes = SERIALIZER.toBinary(value);
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 << at % Byte.SIZE);
            byte[] cut = Arrays.copyOf(bytes, at);
            assertThatThrownBy(() -> SERIALIZER.fromBinary(damaged, SERIALIZER.manifest(value)))
                    .isInstanceOf(UnreadableDataException.class);
            assertThatThrownBy(() -> SERIALIZER.fromBinary(cut, SERIALIZER.manifest(value)))
                    .isInstanceOf(UnreadableDataException.class);
        }
    }

    @Test
    @DisplayName("in a version that is read before it is written can be read, and one after it cannot")
    void readsNextVersion() throws UnreadableDataException {
        VersionedFormat<String> format = new VersionedFormat<>(
                "text",
                1,
                2,
                String.class,
                FieldFormats::writeText,
                (input, version) -> version + " " + FieldFormats.readText(input));
        StoredFormats formats = new StoredFormats(List.of(format));
        byte[] bytes = formats.write("hello");

        assertThat(format.manifest()).isEqualTo("text:1");
        assertThat(formats.read(bytes, "text:2")).isEqualTo("2 hello");
        assertThatThrownBy(() -> formats.read(bytes, "text:3"))
                .isInstanceOf(UnreadableDataException.class)
                .hasMessageContaining("only versions up to 2");
    }

    @Test
    @DisplayName("in a later or unknown format is refused with a message that names it")
    void refusesOtherFormats() {
        byte[] bytes =
                SERIALIZER.toBinary(Objects.requireNonNull(StoredValues.all().get("phase-entered-1")));
        assertThatThrownBy(() -> SERIALIZER.fromBinary(bytes, "phase-entered:2"))
                .isInstanceOf(UnreadableDataException.class)
                .hasMessage("data format 'phase-entered:2' is not supported, only versions up to 1: "
                        + "use the version of Reverie that wrote it");
        assertThatThrownBy(() -> SERIALIZER.fromBinary(bytes, "something:1"))
                .isInstanceOf(UnreadableDataException.class)
                .hasMessage("unknown data format 'something:1': use the version of Reverie that wrote it");
        assertThatThrownBy(() -> SERIALIZER.fromBinary(bytes, "phase-entered"))
                .isInstanceOf(UnreadableDataException.class);
    }

    @Test
    @DisplayName(
            "that declares more elements than it has bytes is refused before memory is allocated, even with a valid checksum")
    void refusesFalseClaims() {
        Output body = new Output(64);
        body.writeVarLong(0, true);
        body.writeVarInt(Integer.MAX_VALUE, true);

        assertThatThrownBy(() -> SERIALIZER.fromBinary(withChecksum(body.toBytes()), "samples-admitted:1"))
                .isInstanceOf(UnreadableDataException.class)
                .hasRootCauseMessage("declares 2147483647 elements but has 0 bytes");
    }

    @Test
    @DisplayName("must have a registered type")
    void refusesUnregisteredTypes() {
        assertThatThrownBy(() -> SERIALIZER.toBinary("text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.lang.String has no format, so it can be neither stored nor sent:"
                        + " add one to a FormatProvider");
    }

    @Test
    @DisplayName("has a format whose name contains no colon, which ends the name in a manifest")
    void refusesColonsInNames() {
        assertThatThrownBy(() -> text("te:xt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of format te:xt contains a colon");
    }

    @Test
    @DisplayName("has a format whose name and type no other format has")
    void refusesEqualFormats() {
        VersionedFormat<Long> number = VersionedFormat.of("text", Long.class, Output::writeLong, Input::readLong);

        assertThatThrownBy(() -> new StoredFormats(List.of(text("text"), number)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the formats text:1 of java.lang.String and text:1 of java.lang.Long collide:"
                        + " give each type one format, with a name that no other format has");
        assertThatThrownBy(() -> new StoredFormats(List.of(text("text"), text("words"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text:1 of java.lang.String and words:1 of java.lang.String collide");
    }

    private static VersionedFormat<String> text(String name) {
        return VersionedFormat.of(name, String.class, FieldFormats::writeText, FieldFormats::readText);
    }

    private static byte[] withChecksum(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        return ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt((int) checksum.getValue())
                .put(body)
                .array();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = KryoSerializerTest.class.getResourceAsStream(name + ".bin")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
