package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes and reads the bytes of a checkpoint: magic (8 bytes), version, length of the body, CRC32C of the last byte of
 * the version and of the body (4 bytes each, big-endian), and the body, a {@link RunCheckpoint} in its layout. Every
 * change to it needs a new version. Version 5 added the training accuracy of each network. Version 4 is still read; its
 * checksum does not cover the version.
 */
final class CheckpointFormat {

    static final int VERSION = 5;

    private static final int OLDEST_VERSION = 4;

    private static final byte[] MAGIC = "REVERIE\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MAGIC.length + 3 * Integer.BYTES;
    private static final int BUFFER = 1 << 16;
    private static final long LARGEST_BODY = Integer.MAX_VALUE - 64L;

    /** The layouts of version 4. */
    private static final Layouts OLDEST = Layouts.BASIC.withEarlier(
            NetworkState.class,
            UnratedNetwork.class,
            network -> new NetworkState(network.network(), network.parameters(), network.velocities(), 0));

    /** A network without its training accuracy. */
    private record UnratedNetwork(NetworkId network, List<float[]> parameters, List<float[]> velocities) {}

    private CheckpointFormat() {}

    /**
     * Writes a checkpoint. The body is serialised twice, the first time only to get its length and checksum, since
     * there may be too little memory to buffer the body.
     *
     * @throws CheckpointException if the checkpoint is larger than 2 GiB
     */
    static void write(RunCheckpoint checkpoint, OutputStream out) throws IOException {
        CheckedOutputStream measure = new CheckedOutputStream(OutputStream.nullOutputStream(), checksum(VERSION));
        long length = writeBody(checkpoint, measure);
        if (length > LARGEST_BODY) {
            throw new CheckpointException("the checkpoint could not be saved: it would have " + length
                    + " bytes, more than the largest possible checkpoint of " + LARGEST_BODY
                    + " bytes; choose a smaller --ipc");
        }
        out.write(ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .putInt(VERSION)
                .putInt((int) length)
                .putInt((int) measure.getChecksum().getValue())
                .array());
        writeBody(checkpoint, out);
    }

    /** Returns the number of bytes written. */
    private static long writeBody(RunCheckpoint checkpoint, OutputStream out) throws IOException {
        Output output = new Output(out, BUFFER);
        try {
            Layouts.BASIC.write(output, RunCheckpoint.class, checkpoint);
            output.flush();
        } catch (KryoException failure) {
            if (failure.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw failure;
        }
        return output.total();
    }

    /**
     * Reads a checkpoint.
     *
     * @param origin path of the file for messages
     * @throws CheckpointException if the bytes are not an undamaged checkpoint of a version that this program reads
     */
    static RunCheckpoint decode(byte[] bytes, Path origin) {
        int version = requireValid(bytes, origin);
        try (Input input = new Input(bytes, HEADER, bytes.length - HEADER)) {
            return (version == OLDEST_VERSION ? OLDEST : Layouts.BASIC).read(input, RunCheckpoint.class);
        } catch (KryoException | IllegalArgumentException failure) {
            throw new CheckpointException(damaged(origin), failure);
        }
    }

    private static int requireValid(byte[] bytes, Path origin) {
        if (bytes.length < HEADER || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            throw new CheckpointException("the file " + origin
                    + " is not a complete checkpoint; start a new run in another folder with --out");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, MAGIC.length, HEADER - MAGIC.length);
        int version = header.getInt();
        if (version < OLDEST_VERSION || version > VERSION) {
            throw new CheckpointException(
                    "the checkpoint " + origin + " has format " + version + ", but this program reads formats "
                            + OLDEST_VERSION + " to " + VERSION + "; resume with the version that wrote it");
        }
        int length = header.getInt();
        CRC32C checksum = checksum(version);
        checksum.update(bytes, HEADER, bytes.length - HEADER);
        if (length != bytes.length - HEADER || header.getInt() != (int) checksum.getValue()) {
            throw new CheckpointException(damaged(origin));
        }
        return version;
    }

    /** Begins a checksum, so that a damaged version is not taken for another one. */
    private static CRC32C checksum(int version) {
        CRC32C checksum = new CRC32C();
        if (version > OLDEST_VERSION) {
            checksum.update(version);
        }
        return checksum;
    }

    private static String damaged(Path origin) {
        return "the checkpoint " + origin + " is damaged; start a new run in another folder with --out";
    }
}
