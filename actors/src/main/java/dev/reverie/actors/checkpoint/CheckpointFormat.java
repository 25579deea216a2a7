package dev.reverie.actors.checkpoint;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A checkpoint as bytes: magic (8 bytes), version, length of the body, CRC32C of the body (4 bytes each, big-endian),
 * and the body, written by {@link CheckpointKryo}. Whatever the body's layout depends on is part of the version: a
 * change of a serializer is a new version.
 */
final class CheckpointFormat {

    static final int VERSION = 2;

    private static final byte[] MAGIC = "REVERIE\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MAGIC.length + 3 * Integer.BYTES;
    private static final int FIRST_BUFFER = 1 << 20;

    private CheckpointFormat() {}

    static byte[] encode(Checkpoint checkpoint) {
        Kryo kryo = CheckpointKryo.create();
        try (Output output = new Output(FIRST_BUFFER, -1)) {
            kryo.writeObject(output, checkpoint);
            byte[] body = output.toBytes();
            return ByteBuffer.allocate(HEADER + body.length)
                    .put(MAGIC)
                    .putInt(VERSION)
                    .putInt(body.length)
                    .putInt(checksum(body))
                    .put(body)
                    .array();
        }
    }

    /**
     * Reads back what {@link #encode} wrote.
     *
     * @param origin named in messages
     * @throws CheckpointException if the bytes are not those of an undamaged checkpoint of this version
     */
    static Checkpoint decode(byte[] bytes, Path origin) {
        Kryo kryo = CheckpointKryo.create();
        try (Input input = new Input(body(bytes, origin))) {
            return kryo.readObject(input, Checkpoint.class);
        } catch (KryoException | IllegalArgumentException failure) {
            throw new CheckpointException(damaged(origin), failure);
        }
    }

    private static byte[] body(byte[] bytes, Path origin) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC.length];
        if (bytes.length < HEADER || !Arrays.equals(MAGIC, take(buffer, magic))) {
            throw new CheckpointException(
                    "the file " + origin + " is no checkpoint, or is cut off: begin a new run elsewhere");
        }
        int version = buffer.getInt();
        if (version != VERSION) {
            throw new CheckpointException("the checkpoint " + origin + " has format " + version
                    + ", this program reads " + VERSION + ": go on with the program that wrote it");
        }
        int length = buffer.getInt();
        int checksum = buffer.getInt();
        if (length != buffer.remaining()) {
            throw new CheckpointException(damaged(origin));
        }
        byte[] body = take(buffer, new byte[length]);
        if (checksum != checksum(body)) {
            throw new CheckpointException(damaged(origin));
        }
        return body;
    }

    private static byte[] take(ByteBuffer buffer, byte[] target) {
        buffer.get(target);
        return target;
    }

    private static int checksum(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        return (int) checksum.getValue();
    }

    private static String damaged(Path origin) {
        return "the checkpoint " + origin + " is damaged: delete it and begin a new run";
    }
}
