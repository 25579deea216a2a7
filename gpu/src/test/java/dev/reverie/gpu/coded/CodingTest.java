package dev.reverie.gpu.coded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A coding")
class CodingTest {

    private static final ImageShape GREY = new ImageShape(1, 28, 28);
    private static final ImageShape COLOUR = new ImageShape(3, 20, 34);

    /** Mean error of smooth images at a high quality, in levels of 255; chance would be above 60. */
    private static final double SMALL_ERROR = 4;

    @ParameterizedTest
    @EnumSource
    @DisplayName("decodes grey and colour images to nearly the same ones, each at its place")
    void nearlyTheSame(PictureFormat format) {
        assumeThat(format.orAvailable()).isEqualTo(format);
        for (ImageShape shape : new ImageShape[] {GREY, COLOUR}) {
            ImageBatch images = smooth(shape, 23);

            CodedImages coded = new Coding(format, 90, OptionalLong.empty()).encode(images);

            assertThat(coded.decoded().shape()).isEqualTo(shape);
            assertThat(coded.decoded().count()).isEqualTo(23).isEqualTo(coded.count());
            assertThat(meanError(images, coded.decoded())).isLessThan(SMALL_ERROR);
            assertThat(coded.cellWidth()).isGreaterThanOrEqualTo(shape.width());
        }
    }

    @Test
    @DisplayName("as PNG loses nothing but the fractions of a level")
    void lossless() {
        for (ImageShape shape : new ImageShape[] {GREY, COLOUR}) {
            ImageBatch images = noise(shape, 12);

            assertThat(Coding.LOSSLESS.encode(images).decoded().toLevels()).isEqualTo(images.toLevels());
        }
    }

    @ParameterizedTest
    @CsvSource({"JPEG, 5000", "WEBP, 5000"})
    @DisplayName("lowers the quality until the picture fits, and not further")
    void fits(PictureFormat format, int bytes) {
        assumeThat(format.orAvailable()).isEqualTo(format);
        Coding coding = new Coding(format, 80, OptionalLong.of(bytes));
        ImageBatch images = noise(COLOUR, 10);

        CodedImages coded = coding.encode(images);

        assertThat(coded.bytes().length).isLessThanOrEqualTo(bytes);
        assertThat(coded.quality()).isBetween(2, 79);
        assertThat(new Coding(format, coded.quality() + 1, OptionalLong.empty())
                        .encode(images)
                        .bytes()
                        .length)
                .isGreaterThan(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 79, 80, 100})
    @DisplayName("finds the same quality from whatever is expected")
    void expected(int expected) {
        Coding coding = new Coding(PictureFormat.JPEG, 80, OptionalLong.of(5000));
        ImageBatch images = noise(COLOUR, 10);

        assertThat(coding.encode(images, expected).bytes())
                .isEqualTo(coding.encode(images).bytes());
        assertThat(coding.within(1).encode(images, expected).quality()).isEqualTo(1);
        assertThat(coding.within(1 << 20).encode(images, expected).quality()).isEqualTo(80);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("says how many images fit at its quality: more simple ones than noisy ones, and at least one")
    void fitting(PictureFormat format) {
        assumeThat(format.orAvailable()).isEqualTo(format);
        Coding coding = new Coding(format, 60, OptionalLong.of(6000));

        int simple = coding.fitting(smooth(GREY, 40));
        int noisy = coding.fitting(noise(GREY, 40));

        assertThat(simple).isGreaterThan(noisy);
        assertThat(noisy).isBetween(1, 39);
        assertThat(coding.encode(first(noise(GREY, 40), noisy)).quality()).isEqualTo(60);
        assertThat(coding.within(1).fitting(noise(GREY, 40))).isEqualTo(1);
    }

    @Test
    @DisplayName("is refused if its quality or its size is impossible")
    void refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coding(PictureFormat.JPEG, 0, OptionalLong.empty()))
                .withMessageContaining("from 1 to 100, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coding(PictureFormat.JPEG, 60, OptionalLong.of(0)))
                .withMessageContaining("at least 1 byte");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Coding.LOSSLESS.encode(noise(new ImageShape(2, 4, 4), 1)))
                .withMessageContaining("1 or 3 channels, got 2");
    }

    private static ImageBatch first(ImageBatch images, int count) {
        return images.pick(IntStream.range(0, count).boxed().toList());
    }

    private static double meanError(ImageBatch one, ImageBatch other) {
        byte[] a = one.toLevels();
        byte[] b = other.toLevels();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(Byte.toUnsignedInt(a[i]) - Byte.toUnsignedInt(b[i]));
        }
        return sum / a.length;
    }

    /** Ramps of different brightness and direction. */
    private static ImageBatch smooth(ImageShape shape, int count) {
        float[] values = new float[count * shape.size()];
        for (int i = 0; i < values.length; i++) {
            int image = i / shape.size();
            int pixel = i % shape.planeSize();
            double across = (double) (pixel % shape.width()) / shape.width();
            int row = pixel / shape.width();
            double down = (double) row / shape.height();
            values[i] = (float) (0.1 + 0.4 * (image % 2 == 0 ? across : down) + 0.4 * image / count);
        }
        return ImageBatch.of(shape, values);
    }

    private static ImageBatch noise(ImageShape shape, int count) {
        Random random = new Random(7);
        float[] values = new float[count * shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return ImageBatch.of(shape, values);
    }
}
