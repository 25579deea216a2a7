package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Resizing.Fit;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image is resized")
class ResizingTest {

    @Test
    @DisplayName("without aliasing: a fine chequer becomes an even grey")
    void smoothesFinePatterns() {
        Image small = crop(8, 8).apply(chequer(64));

        assertThat(small.shape()).isEqualTo(new ImageShape(1, 8, 8));
        assertThat(levelsOf(small)).allSatisfy(level -> assertThat(level).isBetween(126, 129));
    }

    @Test
    @DisplayName("with the brightness of each part unchanged, in grey and in colour")
    void keepsTheParts() {
        Image small = crop(2, 2).apply(quarters(32));

        assertThat(small.shape()).isEqualTo(new ImageShape(3, 2, 2));
        assertThat(levelsOf(small)).containsExactly(0, 80, 160, 240, 10, 90, 170, 250, 5, 85, 165, 245);
    }

    @Test
    @DisplayName("only if it has another size")
    void leavesTheRightSize() {
        Image picture = chequer(8);

        assertThat(crop(8, 8).apply(picture)).isSameAs(picture);
    }

    @Test
    @DisplayName("by a crop, to its centre with the proportions kept")
    void cropsTheCentre() {
        assertThat(levelsOf(crop(2, 2).apply(columns(8, 4, 10, 80, 90, 20))))
                .as("the outer columns of a wide image are cut off")
                .containsExactly(80, 90, 80, 90);
        assertThat(levelsOf(crop(1, 2).apply(rows(8, 4, 10, 90))))
                .as("all rows of a wide image are kept")
                .containsExactly(10, 90);
        assertThat(levelsOf(crop(2, 2).apply(rows(2, 8, 0, 50, 70, 0))))
                .as("the outer rows of a tall image are cut off")
                .containsExactly(50, 50, 70, 70);
    }

    @Test
    @DisplayName("by padding, as a whole in the centre of black")
    void padsWithBlack() {
        assertThat(levelsOf(pad(4, 4).apply(even(8, 4, 90))))
                .containsExactly(0, 0, 0, 0, 90, 90, 90, 90, 90, 90, 90, 90, 0, 0, 0, 0);
        assertThat(levelsOf(pad(4, 2).apply(even(3, 6, 90)))).containsExactly(0, 90, 0, 0, 0, 90, 0, 0);
    }

    @ParameterizedTest(name = "from {0}x{1}")
    @DisplayName("from any size, also from a single row or pixel")
    @CsvSource({"1,1", "1,4000", "4000,1", "3,7", "64,48", "2000,1500"})
    void anySize(int width, int height) {
        for (Fit fit : Fit.values()) {
            Image resized = new Resizing(new TargetSize(16, 8), fit).apply(even(width, height, 120));

            assertThat(resized.shape()).isEqualTo(new ImageShape(1, 8, 16));
            assertThat(levelsOf(resized)).contains(120);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    @DisplayName("only if it has one channel or three")
    void refusesOtherChannels(int channels) {
        ImageShape shape = new ImageShape(channels, 2, 2);
        Image image = Image.of(shape, new byte[shape.size()]);

        assertThatThrownBy(() -> crop(1, 1).apply(image))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("only images with one or three channels can be resized, got " + channels + "x2x2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"32", "32x", "x32", "32x32x3", "-1x5", "0x4", "4x2000", "ax b", "99999x1", ""})
    @DisplayName("only to a valid size")
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> TargetSize.parse(text)).isInstanceOf(DatasetException.class);
    }

    @Test
    @DisplayName("to a size with its width first")
    void readsSizes() {
        assertThat(TargetSize.parse("48x32")).isEqualTo(new TargetSize(48, 32)).hasToString("48x32");
    }

    private static Resizing crop(int width, int height) {
        return new Resizing(new TargetSize(width, height), Fit.CROP);
    }

    private static Resizing pad(int width, int height) {
        return new Resizing(new TargetSize(width, height), Fit.PAD);
    }

    private static Image even(int width, int height, int level) {
        return rows(width, height, level);
    }

    /** An image of horizontal stripes of equal height with the given levels. */
    private static Image rows(int width, int height, int... levels) {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) levels[i / width * levels.length / height];
        }
        return Image.of(new ImageShape(1, height, width), pixels);
    }

    /** An image of vertical stripes of equal width with the given levels. */
    private static Image columns(int width, int height, int... levels) {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) levels[i % width * levels.length / width];
        }
        return Image.of(new ImageShape(1, height, width), pixels);
    }

    private static Image chequer(int side) {
        byte[] pixels = new byte[side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((i / side + i % side) % 2 == 0 ? 0 : 255);
        }
        return Image.of(new ImageShape(1, side, side), pixels);
    }

    /** Each quarter has its own level, which differs slightly per channel. */
    private static Image quarters(int side) {
        byte[] pixels = new byte[3 * side * side];
        int[] channels = {0, 10, 5};
        for (int i = 0; i < pixels.length; i++) {
            int row = i / side % side;
            int quarter = row / (side / 2) * 2 + i % side / (side / 2);
            pixels[i] = (byte) (80 * quarter + channels[i / (side * side)]);
        }
        return Image.of(new ImageShape(3, side, side), pixels);
    }

    private static Integer[] levelsOf(Image image) {
        Integer[] levels = new Integer[image.shape().size()];
        Arrays.setAll(levels, image::level);
        return levels;
    }
}
