package dev.reverie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.Layouts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A checkpoint as bytes")
class CheckpointFormatTest {

    /** Written by {@link GoldenCheckpoint} when format 5 was introduced, and never changed. */
    private static final String GOLDEN = "checkpoint-format-5.bin";
    /** The last format without the accuracy of the networks. */
    private static final String OLD_GOLDEN = "checkpoint-format-4.bin";

    private static final Path ORIGIN = Path.of("run", "checkpoint");

    private final byte[] bytes = Checkpoints.bytes(Checkpoints.sample());

    @Test
    @DisplayName("reads a checkpoint of an earlier version with the same format")
    void readsGoldenBytes() throws IOException {
        byte[] golden = golden(GOLDEN);

        assertThat(CheckpointFormat.decode(golden, ORIGIN))
                .usingRecursiveComparison()
                .isEqualTo(Checkpoints.sample());
        assertThat(bytes).isEqualTo(golden);
    }

    @Test
    @DisplayName("reads a checkpoint of the format before, in which networks have no accuracy")
    void readsTheFormatBefore() throws IOException {
        byte[] old = golden(OLD_GOLDEN);

        assertThat(CheckpointFormat.decode(old, ORIGIN))
                .usingRecursiveComparison()
                .isEqualTo(Checkpoints.sample(0));
    }

    @Test
    @DisplayName("grows by the same number of bytes per class of the same size")
    void growsByTheClass() {
        int ten = Checkpoints.bytes(Checkpoints.ofClasses(10)).length;
        int twenty = Checkpoints.bytes(Checkpoints.ofClasses(20)).length;
        int hundred = Checkpoints.bytes(Checkpoints.ofClasses(100)).length;

        assertThat(hundred - twenty).isEqualTo(8 * (twenty - ten));
    }

    @Test
    @DisplayName("is refused with a flipped bit anywhere")
    void refusesFlippedBits() {
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;

            assertThatThrownBy(() -> CheckpointFormat.decode(damaged, ORIGIN))
                    .as("bit flipped in byte %d", at)
                    .isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    @DisplayName("is refused at any other length")
    void refusesOtherLengths() {
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> CheckpointFormat.decode(cut, ORIGIN)).isInstanceOf(CheckpointException.class);
        }
        assertThatThrownBy(() -> CheckpointFormat.decode(Arrays.copyOf(bytes, bytes.length + 1), ORIGIN))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint run/checkpoint is damaged; start a new run in another folder with --out");
    }

    @Test
    @DisplayName("is refused in another format version, which the message names")
    void refusesOtherVersions() {
        byte[] newer = bytes.clone();
        ByteBuffer.wrap(newer).putInt(8, 6);

        assertThatThrownBy(() -> CheckpointFormat.decode(newer, ORIGIN))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint run/checkpoint has format 6, but this program reads formats 4 to 5; "
                        + "resume with the version that wrote it");
    }

    @Test
    @DisplayName("is refused if it is a file of another kind")
    void refusesOtherFiles() {
        byte[] otherFile = "PK and something that is no checkpoint".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> CheckpointFormat.decode(otherFile, ORIGIN))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the file run/checkpoint is not a complete checkpoint; start a new run in another folder"
                        + " with --out");
    }

    @Test
    @DisplayName(
            "with a count larger than its content is refused before memory is allocated, even if its checksum is right")
    void refusesFalseClaims() {
        Output body = new Output(64);
        body.writeVarInt(Integer.MAX_VALUE, true);

        assertThatThrownBy(() -> CheckpointFormat.decode(Checkpoints.withHeader(body.toBytes()), ORIGIN))
                .isInstanceOf(CheckpointException.class)
                .hasRootCauseMessage("declares 2147483647 elements but has 0 bytes");
    }

    @Test
    @DisplayName("is refused with a shape of too many values, even if its checksum is right")
    void refusesHugeShapes() {
        Output body = new Output(1024);
        Layouts.BASIC.write(body, RunFingerprint.class, Checkpoints.fingerprint("dream"));
        Layouts.BASIC.write(body, LoopPosition.class, LoopPosition.START);
        body.writeVarLong(EpochSampler.Cursor.START.epoch(), true);
        body.writeVarInt(EpochSampler.Cursor.START.offset(), true);
        int classes = 1;
        body.writeVarInt(classes, true);
        int classIndex = 0;
        body.writeVarInt(classIndex, true);
        for (int side : List.of(1, 65536, 65536)) {
            body.writeVarInt(side, true);
        }
        int values = 0;
        body.writeVarInt(values, true);

        assertThatThrownBy(() -> CheckpointFormat.decode(Checkpoints.withHeader(body.toBytes()), ORIGIN))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint run/checkpoint is damaged; start a new run in another folder with --out")
                .hasRootCauseMessage("an image has at most 2147483647 values, got 1x65536x65536");
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = CheckpointFormatTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
