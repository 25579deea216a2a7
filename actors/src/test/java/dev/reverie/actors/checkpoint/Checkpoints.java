package dev.reverie.actors.checkpoint;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.joint.StudentLearningRate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** Small checkpoints with a value in every field. */
final class Checkpoints {

    private static final byte[] MAGIC = "REVERIE\n".getBytes(StandardCharsets.US_ASCII);

    private Checkpoints() {}

    static RunCheckpoint sample() {
        return sample(0.625);
    }

    /**
     * A checkpoint in which only the accuracy varies.
     *
     * @param accuracy training accuracy of the last network; format 4 does not contain it and reads as 0
     */
    static RunCheckpoint sample(double accuracy) {
        return new RunCheckpoint(
                fingerprint("dream"),
                new LoopPosition(3, 17),
                new EpochSampler.Cursor(2, 300),
                List.of(
                        new ClassSnapshot(
                                0,
                                ramp(0.125f),
                                ramp(-0.5f),
                                ramp(0.0625f),
                                List.of(4, 4, 1999),
                                Optional.of(new LoopPosition(3, 10)),
                                0),
                        new ClassSnapshot(1, ramp(2), ramp(0), ramp(1), List.of(), Optional.empty(), 12_345_678_901L)),
                List.of(new ClassImages("später", Samples.images(2, 5))),
                List.of(
                        new NetworkState(
                                new NetworkId(2, 2), List.of(new float[] {0.5f}), List.of(new float[] {-0.5f})),
                        new NetworkState(
                                new NetworkId(3, 2),
                                List.of(new float[] {1, -2.5f}, new float[] {Float.MIN_VALUE}),
                                List.of(new float[] {0, 0.25f}, new float[] {-0f}),
                                accuracy)),
                Optional.of(new StudentLearningRate(0.015625, -2.5)));
    }

    /** A checkpoint of classes with the same number of images each. */
    static RunCheckpoint ofClasses(int count) {
        return new RunCheckpoint(
                fingerprint("dream"),
                LoopPosition.START,
                EpochSampler.Cursor.START,
                IntStream.range(0, count)
                        .mapToObj(classIndex -> new ClassSnapshot(
                                classIndex,
                                ramp(1),
                                ramp(0),
                                ramp(1),
                                List.of(1, 2, 3),
                                Optional.of(LoopPosition.START),
                                0))
                        .toList(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    static byte[] bytes(RunCheckpoint checkpoint) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CheckpointFormat.write(checkpoint, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The bytes of a file of the newest version whose length and checksum are right, whatever its body is. */
    static byte[] withHeader(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(CheckpointFormat.VERSION);
        checksum.update(body);
        return ByteBuffer.allocate(MAGIC.length + 3 * Integer.BYTES + body.length)
                .put(MAGIC)
                .putInt(CheckpointFormat.VERSION)
                .putInt(body.length)
                .putInt((int) checksum.getValue())
                .put(body)
                .array();
    }

    static RunFingerprint fingerprint(String method) {
        return new RunFingerprint(Map.of("method", method, "ipc", "2", "seed", "7"));
    }

    private static ImageBatch ramp(float slope) {
        float[] values = new float[2 * Samples.SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = slope * i;
        }
        return ImageBatch.of(Samples.SHAPE, values);
    }
}
