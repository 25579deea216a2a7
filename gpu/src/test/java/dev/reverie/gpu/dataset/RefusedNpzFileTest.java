package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedNpzFileTest {

    private Path file;

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("synthetic.npz");
    }

    @ParameterizedTest
    @DisplayName("refuses soft labels that are not distributions, or not one per image")
    @CsvSource({
        "'[[0.5, 0.6]] * 8', the soft label of image 0 sums to 1.1",
        "'[[0.5, 0.5]] * 7 + [[1.5, -0.5]]', the soft label of image 7 has the value 1.5: values must be from 0 to 1",
        "'[[0.5, 0.5]] * 7 + [[np.nan, 0.5]]', soft_labels",
        "'[[0.5, 0.4]] * 8', the soft label of image 0 sums to 0.9",
        "'[[0.5, 0.5]] * 7', expected soft labels of 2 classes for 8 images",
        "'[[1]] * 8', expected soft labels of 2 classes for 8 images",
        "'[0.5] * 16', expected one distribution over the classes per image",
    })
    void refusesBadSoftLabels(String labels, String message) throws IOException {
        NpzFile.write(DistilledSets.small(), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                np.savez(sys.argv[1], soft_labels=np.array(%s, np.float32), **z)
                """.formatted(labels), file);

        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @DisplayName("refuses class indices that do not fit")
    @CsvSource({
        "'[38480, 7]', class indices must be at least 0 and in ascending order",
        "'[7, 7]', class indices must be at least 0 and in ascending order",
        "'[-1, 38480]', 'class_index' of FILE has the value -1",
        "'[7]', expected one index per class name",
        "'[8, 38480]', the label 7 is not the index of a class of the set",
    })
    void refusesIndices(String indices, String message) throws IOException {
        NpzFile.write(DistilledSets.withGap(), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                z['class_index'] = np.array(%s)
                np.savez(sys.argv[1], **z)
                """.formatted(indices), file);

        assertRefused(message.replace("FILE", file.toString()));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @DisplayName("refuses unusable arrays, and says what to do")
    @CsvSource(delimiter = '|', textBlock = """
            np.full((2,1,2,2), np.nan, 'f4') | np.zeros(2, int)     | 'images' of FILE has the value NaN in image 0: save floats from 0 to 1, or uint8
            np.full((2,1,2,2), 1e300)        | np.zeros(2, int)     | 'images' of FILE has the value 1.0E300 in image 0
            np.array([[[0.5]], [[-0.25]]])   | np.zeros(2, int)     | 'images' of FILE has the value -0.25 in image 1
            np.full((2,1,2,2), -1e300)       | np.zeros(2, int)     | 'images' of FILE has the value -1.0E300 in image 0
            np.array([[[np.nan]], [[-1]]])   | np.zeros(2, int)     | 'images' of FILE has the value NaN in image 0
            np.full((2,1,2,2), -1, 'i1')     | np.zeros(2, int)     | 'images' of FILE has the value -1 in image 0
            np.full((2,1,2,2), 'a')          | np.zeros(2, int)     | 'images' of FILE has dtype <U1: save it as float32 in [0, 1] or as uint8
            np.ones((2,28,28,2), 'f4')       | np.zeros(2, int)     | 'images' of FILE has shape [2, 28, 28, 2]: expected [images, channels
            np.ones((2,4), 'f4')             | np.zeros(2, int)     | 'images' of FILE has shape [2, 4]: expected [images, channels, height, width]
            np.ones((0,1,2,2), 'f4')         | np.zeros(0, int)     | 'images' of FILE has shape [0, 1, 2, 2]
            np.ones((2,1,2,2), 'f4')         | np.zeros(3, int)     | FILE is not a consistent set: expected one label per image, got 3 for 2 images
            np.ones((2,1,2,2), 'f4')         | np.zeros((2,2), int) | 'labels' of FILE has shape [2, 2]: expected one label per image
            np.ones((2,1,2,2), 'f4')         | np.array([0, -1])    | 'labels' of FILE has the value -1 at position 1
            np.ones((2,1,2,2), 'f4')         | np.array([0, 10**9]) | 'labels' of FILE has the value 1000000000 at position 1
            np.ones((2,1,2,2), 'f4')         | np.full(2, 0.5)      | 'labels' of FILE has the value 0.5 at position 0: save it as integers
            np.ones((2,1,2,2), 'f4')         | np.zeros(2, bool)    | 'labels' of FILE has dtype |b1: save it as integers
            np.ones((2,1,2,2), 'f4')         | np.zeros(0, int)     | FILE is not a consistent set: expected one label per image, got 0 for 2 images
            np.ones((2,1,2,2), 'f4')         | np.array([None, 1])  | 'labels' of FILE has dtype |O
            """, quoteCharacter = '`')
    void refusesArrays(String images, String labels, String message) {
        Numpy.find().run("np.savez(sys.argv[1], images=%s, labels=%s)".formatted(images, labels), file);

        assertRefused(message.replace("FILE", file.toString()));
    }

    @Test
    @DisplayName("refuses labels beyond the named classes and statistics that do not fit")
    void refusesInconsistentSets() {
        Numpy numpy = Numpy.find();
        String base = "base = dict(images=np.ones((2,1,2,2), 'f4'), labels=np.array([0, 2]))\n";

        numpy.run(base + "np.savez(sys.argv[1], **base, class_names=np.array(['a', 'b']))", file);
        assertRefused("'labels' of " + file + " has the value 2 at position 1: expected 0 to 1");

        numpy.run(base + "np.savez(sys.argv[1], **base, mean=np.zeros(3), std=np.ones(3))", file);
        assertRefused("'mean' and 'std' of " + file + " have 3 and 3 values: expected 1, one per channel");

        numpy.run(base + "np.savez(sys.argv[1], **base, mean=np.zeros(1), std=np.zeros(1))", file);
        assertRefused("a standard deviation must be positive");

        numpy.run(base + "np.savez(sys.argv[1], **base, factor=np.int64(0))", file);
        assertRefused("'factor' of " + file + " has the value 0");

        numpy.run(base + "np.savez(sys.argv[1], **base, factor=np.zeros(0, int))", file);
        assertRefused("'factor' of " + file + " has shape [0]: expected a single integer");

        numpy.run(base + "np.savez(sys.argv[1], **base, parameters=np.ones((1,1,4,4)), parameter_labels=[0])", file);
        assertRefused("differ in shape: 1x2x2 and 1x4x4");

        numpy.run("np.savez(sys.argv[1], images=np.ones((2,1,2,2)))", file);
        assertRefused(file + " has no array 'labels': it needs at least 'images' and 'labels'");
    }

    @Test
    @DisplayName("refuses a file that is missing, truncated, altered, or something else")
    void refusesDamagedFiles() throws IOException {
        assertRefused("cannot read " + file + ": there is no " + file);

        Files.writeString(file, "something else");
        assertRefused(file + " is not an NPZ file, or is truncated");

        NpzFile.write(DistilledSets.small(), file);
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sound, sound.length / 2));
        assertRefused(file + " is not an NPZ file, or is truncated");

        Numpy.find().run("np.savez(sys.argv[1], images=np.ones((2,1,2,2), 'f4'), labels=np.zeros(2, int))", file);
        byte[] altered = Files.readAllBytes(file);
        altered[190] ^= 1; // within the stored floats of the first entry
        Files.write(file, altered);
        assertRefused("is damaged: its checksum does not match");
    }

    @Test
    @DisplayName("given a file whose compressed data is altered, says what is damaged and what to do")
    void refusesAlteredCompression() throws IOException {
        Numpy.find()
                .run(
                        "np.savez_compressed(sys.argv[1], images=np.ones((2,1,2,2), 'f4'), labels=np.zeros(2, int))",
                        file);
        byte[] altered = Files.readAllBytes(file);
        int firstBlock = 30 + altered[26] + altered[28]; // after the header, the name and the extra field
        altered[firstBlock] = (byte) 0xff; // a kind of block that does not exist
        Files.write(file, altered);

        assertRefused("the array 'images' of " + file + " is damaged (");
        assertRefused("): get the file again");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }
}
