package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Images in few bits per value")
class PackedBatchTest {

    /** Sides that neither size of patch divides, and a number of values that is no multiple of four. */
    private static final ImageShape SHAPE = new ImageShape(3, 9, 7);

    @Test
    @DisplayName("are the same bytes with 8 bits")
    void eight() {
        ImageBatch images = random(3);

        assertThat(images.in(Bits.EIGHT)).isSameAs(images);
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("do not change when they are packed again")
    @EnumSource(names = {"FOUR", "TWO"})
    void idempotent(Bits bits) {
        ImageBatch packed = random(3).in(bits);

        ImageBatch again = packed.as(Dtype.FLOAT32).in(bits);

        assertThat(again.toLevels()).isEqualTo(packed.toLevels());
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("keep black, white, and black beside white")
    @EnumSource(names = {"FOUR", "TWO"})
    void exact(Bits bits) {
        byte[] levels = new byte[2 * SHAPE.size()];
        Arrays.fill(levels, SHAPE.size(), levels.length, (byte) 255);
        for (int i = 0; i < SHAPE.size(); i += 2) {
            levels[i] = (byte) 255;
        }

        assertThat(ImageBatch.of(SHAPE, levels).in(bits).toLevels()).isEqualTo(levels);
    }

    @ParameterizedTest(name = "{0} bits: half a step is {1} of 255 levels")
    @DisplayName("differ from the original by less than codes over all levels cost on average")
    @CsvSource({"FOUR, 8.5", "TWO, 42.5"})
    void error(Bits bits, double halfStep) {
        ImageBatch images = random(20);

        assertThat(meanSquaredError(images, images.in(bits))).isLessThan(roundingError(halfStep));
    }

    @ParameterizedTest(name = "{0} bits: half a step is {1} of 25 levels")
    @DisplayName("spend their codes on the range of each patch, and differ by less than these cost on average")
    @CsvSource({"FOUR, 0.83", "TWO, 4.17"}) // the levels 200 to 219 lie in the range from 194 to 219
    void range(Bits bits, double halfStep) {
        Random random = new Random(5);
        byte[] levels = new byte[SHAPE.size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (200 + random.nextInt(20));
        }
        ImageBatch images = ImageBatch.of(SHAPE, levels);

        assertThat(meanSquaredError(images, images.in(bits))).isLessThan(roundingError(halfStep));
    }

    @ParameterizedTest(name = "{0} bits: {1} bytes")
    @DisplayName("take the bytes of their codes and one byte per patch")
    @CsvSource({"EIGHT, 189", "FOUR, 101", "TWO, 66"}) // 189 * bits / 8, rounded up, and 6 or 18 patches
    void bytes(Bits bits, int bytesPerImage) {
        ImageBatch images = random(5).in(bits);

        assertThat(bits.bytesPerImage(SHAPE)).isEqualTo(bytesPerImage);
        assertThat(images.bytes()).isEqualTo(5L * bytesPerImage);
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("stay packed when some are picked and joined")
    @EnumSource(names = {"FOUR", "TWO"})
    void picked(Bits bits) {
        ImageBatch images = random(4).in(bits);

        ImageBatch joined = ImageBatch.join(List.of(images.pick(List.of(3, 1)), images.pick(List.of(0))));

        assertThat(joined.bytes()).isEqualTo(3L * bits.bytesPerImage(SHAPE));
        assertThat(joined.values(0)).isEqualTo(images.values(3));
        assertThat(joined.values(1)).isEqualTo(images.values(1));
        assertThat(joined.values(2)).isEqualTo(images.values(0));
    }

    @Test
    @DisplayName("become plain bytes when joined with images of other bits")
    void mixed() {
        ImageBatch two = random(1).in(Bits.TWO);
        ImageBatch four = random(1).in(Bits.FOUR);

        ImageBatch joined = ImageBatch.join(List.of(two, four));

        assertThat(joined.bytes()).isEqualTo(2L * SHAPE.size());
        assertThat(joined.values(0)).isEqualTo(two.values(0));
        assertThat(joined.values(1)).isEqualTo(four.values(0));
    }

    @Test
    @DisplayName("have 8, 4 or 2 bits per value")
    void otherBits() {
        assertThat(Bits.of(8)).isEqualTo(Bits.EIGHT);
        assertThat(Bits.of(4)).isEqualTo(Bits.FOUR);
        assertThat(Bits.of(2)).isEqualTo(Bits.TWO);
        assertThatThrownBy(() -> Bits.of(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("values cannot be stored in 3 bits; choose one of 8, 4, 2");
    }

    private static ImageBatch random(int count) {
        byte[] levels = new byte[count * SHAPE.size()];
        new Random(7).nextBytes(levels);
        return ImageBatch.of(SHAPE, levels);
    }

    /** The expected squared error of evenly spread values; decoding rounds by up to half a level more. */
    private static double roundingError(double halfStep) {
        return halfStep * halfStep / 3 + 0.25;
    }

    private static double meanSquaredError(ImageBatch images, ImageBatch others) {
        byte[] levels = images.toLevels();
        byte[] other = others.toLevels();
        double sum = 0;
        for (int i = 0; i < levels.length; i++) {
            double difference = Byte.toUnsignedInt(levels[i]) - Byte.toUnsignedInt(other[i]);
            sum += difference * difference;
        }
        return sum / levels.length;
    }
}
