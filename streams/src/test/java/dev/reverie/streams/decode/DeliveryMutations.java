package dev.reverie.streams.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Alters sound bytes the way accidents and attackers do. Equal seeds give equal mutants. */
public final class DeliveryMutations {

    private static final int[] TELLING = {0, 1, -1, 127, 128, 255, 256, 65_535, 65_536, 1 << 30, 1 << 31, 1 << 24};
    private static final int MOST_STEPS = 4;
    private static final int LONGEST_RUN = 64;

    private final SplittableRandom random;

    public DeliveryMutations(SplittableRandom random) {
        this.random = random;
    }

    /** A mutant of {@code sound}, a few steps away. */
    public byte[] of(byte[] sound) {
        byte[] mutant = sound.clone();
        for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0 && mutant.length > 0; steps--) {
            mutant = step(mutant);
        }
        return mutant;
    }

    private byte[] step(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int run = Math.min(1 + random.nextInt(LONGEST_RUN), bytes.length - at);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> put(bytes, at, TELLING[random.nextInt(TELLING.length)]);
            case 3 -> Arrays.fill(bytes, at, at + run, (byte) (random.nextBoolean() ? 0 : 0xff));
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                return joined(bytes, at, bytes, at + run); // a run is lost
            }
            case 6 -> {
                return joined(bytes, at + run, bytes, at); // a run comes twice
            }
            default -> {
                byte[] noise = new byte[run];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, run);
            }
        }
        return bytes;
    }

    private void put(byte[] bytes, int at, int value) {
        if (at + Integer.BYTES <= bytes.length) {
            ByteBuffer.wrap(bytes)
                    .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .putInt(at, value);
        }
    }

    private static byte[] joined(byte[] head, int headEnd, byte[] tail, int tailStart) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(head, 0, headEnd);
        joined.write(tail, tailStart, tail.length - tailStart);
        return joined.toByteArray();
    }

    /** A PNG whose checksums match again, as far as its chunks can be followed, so that its decoder gets to see it. */
    static byte[] withChecksums(byte[] png) {
        byte[] mended = png.clone();
        ByteBuffer buffer = ByteBuffer.wrap(mended);
        int at = 8;
        while (at + 12 <= mended.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > mended.length - at - 12) {
                return mended;
            }
            CRC32 crc = new CRC32();
            crc.update(mended, at + 4, length + 4);
            buffer.putInt(at + 8 + length, (int) crc.getValue());
            at += length + 12;
        }
        return mended;
    }
}
