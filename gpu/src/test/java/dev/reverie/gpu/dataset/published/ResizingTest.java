package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Images of a folder are scaled")
class ResizingTest {

    @Test
    @DisplayName("to one size, larger or smaller, from any sizes")
    void scalesMixedSizes(@TempDir Path root) {
        CifarFixture.write(root.resolve("train/cat/1.jpg"), TinyImageNetFixture.jpeg(64, 200, false));
        CifarFixture.write(root.resolve("train/cat/2.jpg"), TinyImageNetFixture.jpeg(5, 100, true));
        CifarFixture.write(root.resolve("test/cat/1.jpg"), TinyImageNetFixture.jpeg(2100, 50, false));

        Dataset dataset = Datasets.load("folder:" + root, Optional.empty(), Optional.of(new TargetSize(8, 16)));

        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 8, 16));
        assertThat(levelsOf(dataset.train().get(0).image())).containsOnly(200);
        assertThat(levelsOf(dataset.train().get(1).image())).containsOnly(100);
        assertThat(levelsOf(dataset.test().get(0).image())).containsOnly(50);
    }

    @Test
    @DisplayName("without aliasing: a fine chequer becomes an even grey")
    void smoothesFinePatterns() {
        Image small = ImageScaler.to(new TargetSize(8, 8), chequer(64));

        assertThat(small.shape()).isEqualTo(new ImageShape(1, 8, 8));
        assertThat(levelsOf(small)).allSatisfy(level -> assertThat(level).isBetween(126, 129));
    }

    @Test
    @DisplayName("with the brightness of each part unchanged, in grey and in colour")
    void keepsTheParts() {
        Image small = ImageScaler.to(new TargetSize(2, 2), quarters(32));

        assertThat(small.shape()).isEqualTo(new ImageShape(3, 2, 2));
        assertThat(levelsOf(small)).containsExactly(0, 80, 160, 240, 10, 90, 170, 250, 5, 85, 165, 245);
    }

    @Test
    @DisplayName("only if they have another size")
    void leavesTheRightSize() {
        Image picture = chequer(8);

        assertThat(ImageScaler.to(new TargetSize(8, 8), picture)).isSameAs(picture);
    }

    @ParameterizedTest
    @ValueSource(strings = {"32", "32x", "x32", "32x32x3", "-1x5", "0x4", "4x2000", "ax b", "99999x1"})
    @DisplayName("only to a valid size")
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> TargetSize.parse(text)).isInstanceOf(DatasetException.class);
    }

    @Test
    @DisplayName("to a size with its height first")
    void readsSizes() {
        assertThat(TargetSize.parse("32x48")).isEqualTo(new TargetSize(32, 48));
    }

    @Test
    @DisplayName("unlike those of a dataset with a fixed size")
    void refusesPublishedDatasets() {
        assertThatThrownBy(() -> Datasets.load("mnist", Optional.empty(), Optional.of(new TargetSize(8, 8))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("--resize works only with folder:PATH: all images of mnist have the same size");
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
        for (int i = 0; i < levels.length; i++) {
            levels[i] = image.level(i);
        }
        return levels;
    }
}
