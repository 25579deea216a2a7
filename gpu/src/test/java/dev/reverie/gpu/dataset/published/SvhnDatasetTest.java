package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Numpy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SVHN")
class SvhnDatasetTest {

    private static final int PIXELS = 3 * 32 * 32;
    private static final byte[] TEN_DIGITS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private Path folder;

    @BeforeEach
    void writeBothFiles(@TempDir Path folder) {
        this.folder = folder;
        write("train_32x32.mat", file().bytes("X", columns(10), 32, 32, 3, 10).bytes("y", TEN_DIGITS, 10, 1));
        write("test_32x32.mat", file().bytes("y", new byte[] {10, 7}, 2, 1).bytes("X", columns(2), 32, 32, 3, 2));
    }

    @Test
    @DisplayName("is read from its two files; label 10 is the digit 0, and columns become rows")
    void readsBothFiles() {
        Dataset dataset = load();

        assertThat(dataset.name()).isEqualTo("svhn");
        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 32, 32));
        assertThat(dataset.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(dataset.normalisation())
                .isEqualTo(new Normalisation(List.of(0.4377, 0.4438, 0.4728), List.of(0.1980, 0.2010, 0.1970)));
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0);
        assertThat(dataset.test()).extracting(LabelledImage::label).containsExactly(0, 7);
        Image image = dataset.train().get(4).image();
        assertThat(new int[] {image.level(0), image.level(5), image.level(3 * 32 + 5), image.level(2048 + 31 * 32)})
                .as("first pixel, row 0 column 5, row 3 column 5, blue of row 31 column 0")
                .containsExactly(4, 4 + 5, 4 + 5 + 30, (4 + 310 + 200) & 0xff);
    }

    /** Level of a pixel: image + column + 10 * row + 100 * channel, as a byte; MATLAB's order. */
    private static byte[] columns(int images) {
        byte[] values = new byte[images * PIXELS];
        int at = 0;
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int column = 0; column < 32; column++) {
                    for (int row = 0; row < 32; row++) {
                        values[at++] = (byte) (image + column + 10 * row + 100 * channel);
                    }
                }
            }
        }
        return values;
    }

    @Test
    @DisplayName("is read as SciPy writes it")
    void readsSciPy() {
        Numpy.withSciPy().run("""
                from scipy.io import savemat
                image, channel, column, row = np.ogrid[0:10, 0:3, 0:32, 0:32]
                X = (image + column + 10 * row + 100 * channel).astype(np.uint8).transpose(3, 2, 1, 0)
                savemat(sys.argv[1], {'X': X, 'y': np.arange(1, 11, dtype=np.uint8).reshape(10, 1)}, do_compression=True)
                """, folder.resolve("scipy.mat"));
        Dataset ours = load();

        write("train_32x32.mat", read("scipy.mat"));

        Dataset theirs = load();
        assertThat(labels(theirs)).isEqualTo(labels(ours));
        for (int i = 0; i < 10; i++) {
            assertThat(theirs.train().get(i).image().levels())
                    .isEqualTo(ours.train().get(i).image().levels());
        }
    }

    private static List<Integer> labels(Dataset dataset) {
        return dataset.train().stream().map(LabelledImage::label).toList();
    }

    @Test
    @DisplayName("is refused when a file is missing, with advice on how to get it")
    void refusesMissingFiles() throws IOException {
        Files.delete(folder.resolve("test_32x32.mat"));

        assertRefused("test_32x32.mat of svhn is not in " + folder + ": get it with 'reverie fetch svhn --to " + folder
                + "', or name its folder with --data");
    }

    @Test
    @DisplayName("is refused with images of another size or kind")
    void refusesOtherImages() {
        write("train_32x32.mat", file().bytes("X", new byte[28 * 28 * 3 * 2], 28, 28, 3, 2));
        assertRefused("train_32x32.mat has the array 'X' of shape [28, 28, 3, 2]; expected [32, 32, 3, N]");
    }

    @Test
    @DisplayName("is refused with labels out of range, or with different numbers of labels and images")
    void refusesBadLabels() {
        write("train_32x32.mat", file().bytes("y", new byte[] {1, 0}, 2, 1));
        assertRefused("train_32x32.mat is damaged or of another dataset: label 0 at position 1, but the labels are 1"
                + " to 9, and 10 for the digit 0");

        write("train_32x32.mat", file().bytes("y", new byte[] {1, 2}, 2, 1).bytes("X", columns(1), 32, 32, 3));
        assertRefused("train_32x32.mat contains 1 images in the array 'X' but 2 labels in the array 'y'");
    }

    @Test
    @DisplayName("is refused without images, without labels, or without images of a digit")
    void refusesIncompleteFiles() {
        write("train_32x32.mat", file().bytes("y", TEN_DIGITS, 10, 1));
        assertRefused("train_32x32.mat contains 0 images in the array 'X' but 10 labels");

        write("train_32x32.mat", file().bytes("X", columns(10), 32, 32, 3, 10));
        assertRefused("train_32x32.mat contains 10 images in the array 'X' but 0 labels");

        write("train_32x32.mat", file().bytes("X", columns(2), 32, 32, 3, 2).bytes("y", new byte[] {1, 2}, 2, 1));
        assertRefused("has no training image of class 0");
    }

    @Test
    @DisplayName("is refused when truncated, or when it is a web page instead")
    void refusesDamage() {
        byte[] sound = read("train_32x32.mat");
        write("train_32x32.mat", Arrays.copyOf(sound, sound.length / 2));
        assertRefused("train_32x32.mat is truncated: an array ends too early");

        write("train_32x32.mat", new byte[300]);
        assertRefused("train_32x32.mat is not a MAT-file");
    }

    private static MatBytes file() {
        return new MatBytes(true);
    }

    private void write(String name, MatBytes content) {
        write(name, content.toBytes());
    }

    private void write(String name, byte[] content) {
        CifarFixture.write(folder.resolve(name), content);
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Dataset load() {
        return Datasets.load("svhn", Optional.of(folder));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::load).isInstanceOf(DatasetException.class).hasMessageContaining(message);
    }
}
