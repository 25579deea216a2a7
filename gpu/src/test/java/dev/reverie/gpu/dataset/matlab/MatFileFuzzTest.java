package dev.reverie.gpu.dataset.matlab;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.gpu.dataset.DecoderStress;
import java.io.ByteArrayInputStream;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

@Label("No bytes whatever bring the reader of MAT-files down")
class MatFileFuzzTest {

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("mutations of sound ones")
    void mutations(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = new MatBytes(
                        random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                        random.nextInt(4) == 0) // what is compressed mostly breaks its checksum
                .bytes("X", new byte[24], 2, 3, 4)
                .doubles("y", new double[] {1, 10}, 2, 1)
                .toBytes();
        byte[] mutation = ByteMutations.of(sound, random);

        DecoderStress.readsOrRefuses(() -> valuesOf(mutation), MatException.class);
    }

    private static double valuesOf(byte[] file) throws Exception {
        double[] sum = {0};
        MatFile.read(new ByteArrayInputStream(file), array -> {
            long count =
                    array.dimensions().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
            for (long i = 0; i < count; i++) {
                sum[0] += array.next();
            }
        });
        return sum[0];
    }
}
