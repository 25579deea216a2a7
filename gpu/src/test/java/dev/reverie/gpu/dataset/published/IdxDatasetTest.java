package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxDatasetTest {

    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";

    private Path directory;

    @BeforeEach
    void writeSoundFiles(@TempDir Path folder) {
        directory = folder;
        IdxFixture.writeAll(directory);
    }

    @Test
    @DisplayName("reads the four files as training and test images in file order")
    void readsTheFourFiles() {
        Dataset dataset = load("fashion-mnist");

        assertThat(dataset.shape()).isEqualTo(new ImageShape(1, 28, 28));
        assertThat(dataset.train()).hasSize(IdxFixture.TRAIN);
        assertThat(dataset.test()).hasSize(IdxFixture.TEST);
        assertThat(dataset.train().get(13).label()).isEqualTo(3);
        assertThat(dataset.train().get(13).image().level(783)).isEqualTo(13);
        assertThat(dataset.trainByClass().get(3)).hasSize(2);
    }

    @Test
    @DisplayName("has the usual class names and normalisation")
    void knowsNamesAndConstants() {
        assertThat(load("fashion-mnist").classNames())
                .hasSize(10)
                .startsWith("T-shirt/top")
                .endsWith("Ankle boot");
        assertThat(load("fashion-mnist").normalisation())
                .isEqualTo(new Normalisation(List.of(0.2861), List.of(0.3530)));
        assertThat(load("mnist").classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(load("mnist").normalisation()).isEqualTo(new Normalisation(List.of(0.1307), List.of(0.3081)));
    }

    @Test
    @DisplayName("reads gzipped files and file names with a dot")
    void readsOtherSpellings() throws IOException {
        Files.delete(directory.resolve(TRAIN_IMAGES));
        Files.delete(directory.resolve(TRAIN_LABELS));
        write("train-images.idx3-ubyte.gz", Archives.gzipped(IdxFixture.images(IdxFixture.TRAIN, 28, 28)));
        write("train-labels.idx1-ubyte", IdxFixture.labels(IdxFixture.TRAIN));

        assertThat(load("mnist").train()).hasSize(IdxFixture.TRAIN);
    }

    @Test
    @DisplayName("detects gzip by the content, not by the name")
    void recognisesGzipByContent() {
        write(TRAIN_IMAGES, Archives.gzipped(IdxFixture.images(IdxFixture.TRAIN, 28, 28)));

        assertThat(load("mnist").train()).hasSize(IdxFixture.TRAIN);
    }

    @Test
    @DisplayName("names the missing file, its folder, and how to get it")
    void saysWhatIsMissing() throws IOException {
        Files.delete(directory.resolve(TRAIN_LABELS));

        assertRefused("train-labels-idx1-ubyte (or .gz) of mnist is not in " + directory
                + ": get it with 'reverie fetch mnist --to " + directory
                + "', or name its folder with --data");
    }

    @Test
    @DisplayName("refuses truncated images, plain and gzipped, and reports how many the file has")
    void refusesTruncatedImages() {
        byte[] images = IdxFixture.images(IdxFixture.TRAIN, 28, 28);
        String message = " is truncated";

        write(TRAIN_IMAGES, Arrays.copyOf(images, images.length - 1));
        assertRefused(directory.resolve(TRAIN_IMAGES) + message);

        write(TRAIN_IMAGES, Archives.gzipped(Arrays.copyOf(images, images.length - 1)));
        assertRefused(directory.resolve(TRAIN_IMAGES) + message);
    }

    @Test
    @DisplayName("refuses a truncated gzip file, an empty file, and a file with only a header")
    void refusesCutFiles() {
        byte[] gzipped = Archives.gzipped(IdxFixture.images(IdxFixture.TRAIN, 28, 28));

        write(TRAIN_IMAGES, Arrays.copyOf(gzipped, gzipped.length / 2));
        assertRefused("is truncated");

        write(TRAIN_IMAGES, new byte[0]);
        assertRefused("is truncated");

        write(TRAIN_IMAGES, Arrays.copyOf(IdxFixture.images(IdxFixture.TRAIN, 28, 28), 10));
        assertRefused("is truncated");
    }

    @Test
    @DisplayName("refuses a label file in place of an image file")
    void refusesTheWrongKind() {
        write(TRAIN_IMAGES, IdxFixture.labels(IdxFixture.TRAIN));

        assertRefused("is not an IDX image file, because it begins with 0x00000801 instead of 0x00000803");
    }

    @Test
    @DisplayName("refuses different numbers of images and labels")
    void refusesDifferentCounts() {
        write(TRAIN_LABELS, IdxFixture.labels(IdxFixture.TEST));

        assertRefused("contains 20 images but " + directory.resolve(TRAIN_LABELS) + " contains 10 labels");
    }

    @Test
    @DisplayName("refuses a label that is out of range")
    void refusesLabelsOutOfRange() {
        int[] labels = new int[IdxFixture.TRAIN];
        labels[7] = 10;
        write(TRAIN_LABELS, IdxFixture.labels(labels));

        assertRefused("label 10 at position 7, but the classes are 0 to 9");
    }

    @Test
    @DisplayName("refuses training labels that lack a class")
    void refusesAnEmptyClass() {
        write(TRAIN_LABELS, IdxFixture.labels(new int[IdxFixture.TRAIN]));

        assertRefused("has no training image of class 1");
    }

    @Test
    @DisplayName("refuses images of another size")
    void refusesOtherSizes() {
        write(TRAIN_IMAGES, IdxFixture.images(IdxFixture.TRAIN, 32, 28));

        assertRefused("has images with a side of 32 pixels where 28 are expected");
    }

    @Test
    @DisplayName("refuses data after the last image")
    void refusesTrailingData() {
        byte[] images = IdxFixture.images(IdxFixture.TRAIN, 28, 28);
        write(TRAIN_IMAGES, Arrays.copyOf(images, images.length + 1));

        assertRefused("data follows the 20 images that its header declares");
    }

    @Test
    @DisplayName("refuses a header that declares billions of images")
    void survivesABombHeader() {
        byte[] bomb = ByteBuffer.allocate(16)
                .putInt(0x803)
                .putInt(-1)
                .putInt(28)
                .putInt(28)
                .array();

        write(TRAIN_IMAGES, bomb);
        assertRefused("its header declares 4294967295 images");

        write(TRAIN_IMAGES, Archives.gzipped(bomb));
        assertRefused("its header declares 4294967295 images");
    }

    @Test
    @DisplayName("refuses a damaged gzip file by its checksum")
    void refusesADamagedArchive() {
        byte[] gzipped = Archives.gzipped(IdxFixture.images(IdxFixture.TRAIN, 28, 28));
        gzipped[gzipped.length - 6] ^= 1; // in the CRC
        write(TRAIN_IMAGES, gzipped);

        assertRefused("cannot read " + directory.resolve(TRAIN_IMAGES));
    }

    private Dataset load(String name) {
        return Datasets.load(name, Optional.of(directory));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> load("mnist"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    private void write(String name, byte[] content) {
        IdxFixture.write(directory.resolve(name), content);
    }
}
