package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    static Stream<Arguments> refused() {
        byte[] images = IdxFixture.images(IdxFixture.TRAIN, 28, 28);
        byte[] gzipped = Archives.gzipped(images);
        byte[] damaged = gzipped.clone();
        damaged[damaged.length - 6] ^= 1; // in the checksum
        int[] wrongLabels = new int[IdxFixture.TRAIN];
        wrongLabels[7] = 10;
        byte[] billions = HexFormat.of().parseHex("00000803ffffffff0000001c0000001c");
        return Stream.of(
                Arguments.of(TRAIN_IMAGES, Arrays.copyOf(images, images.length - 1), " is truncated"),
                Arguments.of(
                        TRAIN_IMAGES,
                        Archives.gzipped(Arrays.copyOf(images, images.length - 1)),
                        TRAIN_IMAGES + " is truncated"),
                Arguments.of(TRAIN_IMAGES, Arrays.copyOf(gzipped, gzipped.length / 2), " is truncated"),
                Arguments.of(TRAIN_IMAGES, new byte[0], " is truncated"),
                Arguments.of(TRAIN_IMAGES, Arrays.copyOf(images, 10), " is truncated"),
                Arguments.of(
                        TRAIN_IMAGES,
                        IdxFixture.labels(IdxFixture.TRAIN),
                        " is not an IDX image file, because it begins with 0x00000801 instead of 0x00000803"),
                Arguments.of(
                        TRAIN_IMAGES,
                        IdxFixture.images(IdxFixture.TRAIN, 32, 28),
                        " has images with a side of 32 pixels where 28 are expected"),
                Arguments.of(
                        TRAIN_IMAGES,
                        Arrays.copyOf(images, images.length + 1),
                        " data follows the 20 images that its header declares"),
                Arguments.of(TRAIN_IMAGES, billions, " its header declares 4294967295 images"),
                Arguments.of(TRAIN_IMAGES, Archives.gzipped(billions), " its header declares 4294967295 images"),
                Arguments.of(TRAIN_IMAGES, damaged, "cannot read "),
                Arguments.of(TRAIN_LABELS, IdxFixture.labels(IdxFixture.TEST), TRAIN_LABELS + " contains 10 labels"),
                Arguments.of(
                        TRAIN_LABELS,
                        IdxFixture.labels(wrongLabels),
                        "label 10 at position 7, but the classes are 0 to 9"),
                Arguments.of(
                        TRAIN_LABELS,
                        IdxFixture.labels(new int[IdxFixture.TRAIN]),
                        "has no training image of class 1"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource
    @DisplayName("refuses a file that is truncated, damaged, or another one than expected")
    void refused(String file, byte[] content, String message) {
        write(file, content);

        assertRefused(message);
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
