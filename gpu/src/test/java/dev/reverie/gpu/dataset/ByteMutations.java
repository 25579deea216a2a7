package dev.reverie.gpu.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Mutates valid input as accidents and attackers might. Equal seeds give equal mutations. */
public final class ByteMutations {

    private static final int[] BOUNDARIES = {0, 1, -1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24, 1 << 30, 1 << 31};
    private static final int MAX_STEPS = 4;
    private static final int MAX_RUN = 64;

    private ByteMutations() {}

    /** Returns a copy of {@code valid} with one to four mutations. */
    public static byte[] of(byte[] valid, SplittableRandom random) {
        byte[] mutated = valid.clone();
        for (int steps = 1 + random.nextInt(MAX_STEPS); steps > 0 && mutated.length > 0; steps--) {
            mutated = step(mutated, random);
        }
        return mutated;
    }

    private static byte[] step(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int run = Math.min(1 + random.nextInt(MAX_RUN), bytes.length - at);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> put(bytes, at, BOUNDARIES[random.nextInt(BOUNDARIES.length)], random);
            case 3 -> Arrays.fill(bytes, at, at + run, (byte) (random.nextBoolean() ? 0 : 0xff));
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                return joined(bytes, at, at + run); // a run is lost
            }
            case 6 -> {
                return joined(bytes, at + run, at); // a run occurs twice
            }
            default -> {
                byte[] noise = new byte[run];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, run);
            }
        }
        return bytes;
    }

    private static void put(byte[] bytes, int at, int value, SplittableRandom random) {
        if (at + Integer.BYTES <= bytes.length) {
            ByteBuffer.wrap(bytes)
                    .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .putInt(at, value);
        }
    }

    private static byte[] joined(byte[] bytes, int headEnd, int nextStart) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, headEnd);
        joined.write(bytes, nextStart, bytes.length - nextStart);
        return joined.toByteArray();
    }

    /** Returns a PNG with correct checksums in all intact chunks, so that decoders read their content. */
    public static byte[] withPngChecksums(byte[] png) {
        byte[] repaired = png.clone();
        ByteBuffer buffer = ByteBuffer.wrap(repaired);
        int at = 8;
        while (at + 12 <= repaired.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > repaired.length - at - 12) {
                return repaired;
            }
            CRC32 crc = new CRC32();
            crc.update(repaired, at + 4, length + 4);
            buffer.putInt(at + 8 + length, (int) crc.getValue());
            at += length + 12;
        }
        return repaired;
    }
}
