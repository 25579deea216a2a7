package dev.reverie.gpu.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Alters sound bytes the way accidents and attackers do. Equal seeds give equal mutants. */
public final class ByteMutations {

    private static final int[] TELLING = {0, 1, -1, 127, 255, 65_535, 1 << 24, 1 << 30, 1 << 31};
    private static final int MOST_STEPS = 4;
    private static final int LONGEST_RUN = 64;

    private ByteMutations() {}

    /** A mutant of {@code sound}, a few steps away. */
    public static byte[] of(byte[] sound, SplittableRandom random) {
        byte[] mutant = sound.clone();
        for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0 && mutant.length > 0; steps--) {
            mutant = step(mutant, random);
        }
        return mutant;
    }

    private static byte[] step(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int run = Math.min(1 + random.nextInt(LONGEST_RUN), bytes.length - at);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> put(bytes, at, TELLING[random.nextInt(TELLING.length)], random);
            case 3 -> Arrays.fill(bytes, at, at + run, (byte) (random.nextBoolean() ? 0 : 0xff));
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                return joined(bytes, at, at + run); // a run is lost
            }
            default -> {
                return joined(bytes, at + run, at); // a run comes twice
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

    private static byte[] joined(byte[] bytes, int headEnd, int tailStart) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, headEnd);
        joined.write(bytes, tailStart, bytes.length - tailStart);
        return joined.toByteArray();
    }
}
