package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Labelled images as NumPy saves them")
class NpzSamplesTest {

    private static final NpzSamples.Limits LIMITS = new NpzSamples.Limits(3, 100, 4096);

    private Path file;

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("batch.npz");
    }

    @ParameterizedTest(name = "{0}, images {1}, labels {2}")
    @DisplayName("are read as bytes or floats, labelled by integers or texts, with ids or without")
    @CsvSource({
        "savez,            uint8,   '[7, -1]',              '7,-1',       ''",
        "savez_compressed, float32, 'np.array([7, 8], \"u8\")', '7,8',    ''",
        "savez_compressed, float64, '[\"Tücher\", \"a\"]',  'Tücher,a',   'x,yz'",
        "savez,            uint8,   '[\"猫\", \"\"]',        '猫,',        'x,yz'"
    })
    void readsNumpy(String save, String type, String labels, String expected, String ids) throws IOException {
        Numpy.find().run("""
                images = np.arange(24).reshape(2, 3, 2, 2) * (1 if sys.argv[3] == 'uint8' else 1 / 255)
                ids = {'ids': sys.argv[4].split(',')} if sys.argv[4] else {}
                getattr(np, sys.argv[2])(sys.argv[1], images=images.astype(sys.argv[3]), labels=%s, **ids)
                """.formatted(labels), file, save, type, ids);

        NpzSamples samples = read();

        assertThat(samples.images()).hasSize(2).allSatisfy(image -> assertThat(image.shape())
                .isEqualTo(new ImageShape(3, 2, 2)));
        assertThat(samples.images().get(1).level(11)).isEqualTo(23);
        assertThat(samples.labels()).containsExactly(expected.split(",", -1));
        assertThat(samples.ids()).isEqualTo(ids.isEmpty() ? Optional.empty() : Optional.of(List.of("x", "yz")));
    }

    @ParameterizedTest(name = "{0} with labels {1}")
    @DisplayName("are the same, whatever the type and order of their items, and the place of their channels")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            np.asfortranarray(levels)                          | [7, 8]
            levels.astype('>i4')                               | np.array([7, 8], '>i2')
            levels[:, :, ::-1].astype('u8')[:, :, ::-1]        | [[7], [8]]
            levels.astype('>u2') * 257                         | [7.0, 8.0]
            levels.astype('u2') * 257 - 100                    | np.array([[7], [8]], 'f2')
            (levels / 255).astype('f2')                        | ['7', '8']
            np.asfortranarray(levels / 255).astype('>f8')      | [['7'], ['8']]
            levels.transpose(0, 2, 3, 1)                       | np.array(['7', '8'], '>U3')
            np.ascontiguousarray(levels.transpose(0, 2, 3, 1)) | [7, 8]
            """)
    void convertsNumpy(String images, String labels) throws IOException {
        Numpy.find().run("""
                levels = np.arange(24, dtype='u1').reshape(2, 3, 2, 2) * 10 + 10
                np.savez(sys.argv[1], images=%s, labels=%s)
                """.formatted(images, labels), file);

        NpzSamples samples = read();

        assertThat(samples.labels()).containsExactly("7", "8");
        for (int i = 0; i < 24; i++) {
            assertThat(samples.images().get(i / 12).level(i % 12)).isEqualTo(i * 10 + 10);
        }
    }

    @ParameterizedTest(name = "{0} with the layout {1} for a service of {2}")
    @DisplayName("of one array are those that its shape, the layout and the images of the service allow")
    @CsvSource(delimiter = '|', textBlock = """
            1, 4, 5    |                |       | 1 of 1x4x5
            2, 4, 5    |                |       | 2 of 1x4x5
            2, 3, 4, 5 |                |       | 2 of 3x4x5
            2, 4, 5, 3 |                |       | 2 of 3x4x5
            2, 4, 5, 1 |                |       | 2 of 1x4x5
            2, 4, 5    | channels-last  |       | 2 of 1x4x5
            3, 4, 5    | channels-first |       | 1 of 3x4x5
            4, 5, 3    | channels-last  |       | 1 of 3x4x5
            3, 4, 5    |                | 1,4,5 | 3 of 1x4x5
            3, 4, 5    |                | 3,4,5 | 1 of 3x4x5
            3, 4, 5    |                | 3,9,9 | 1 of 3x4x5
            2, 3, 4, 3 |                | 3,3,4 | 2 of 3x3x4
            2, 3, 4, 3 | channels-first |       | 2 of 3x4x3
            3, 4, 5    | channels-last  |       | has shape [3, 4, 5], which is not that of images with layout=channels-last
            2, 3, 4, 5 | channels-last  |       | has shape [2, 3, 4, 5], which is not that of images with layout=channels-last
            3, 4, 5    |                |       | 3 images of 1x4x5 or 1 image of 3x4x5 with channels-first: reshape it
            3, 4, 5    |                | 2,9,9 | 3 images of 1x4x5 or 1 image of 3x4x5 with channels-first: reshape it
            4, 5, 3    |                |       | 4 images of 1x5x3 or 1 image of 3x4x5 with channels-last: reshape it
            """)
    void readsOneArray(String shape, String layout, String service, String expected) throws IOException {
        Numpy.find().run("np.save(open(sys.argv[1], 'wb'), np.zeros((%s), bool))".formatted(shape), file);
        ArrayHints hints = new ArrayHints(
                Stream.of(ArrayHints.Layout.values())
                        .filter(each -> each.toString().equals(layout))
                        .findFirst(),
                () -> Optional.ofNullable(service).map(NpzSamplesTest::shape));

        if (expected.contains("shape") || expected.contains("reshape")) {
            assertThatThrownBy(() -> read(hints)).hasMessageContaining(expected);
        } else {
            NpzSamples samples = read(hints);
            assertThat(samples.images().size() + " of "
                            + samples.images().getFirst().shape())
                    .isEqualTo(expected);
            assertThat(samples.labels()).hasSize(samples.images().size()).containsOnly("cat");
        }
    }

    private static ImageShape shape(String sizes) {
        int[] each = Stream.of(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
        return new ImageShape(each[0], each[1], each[2]);
    }

    private NpzSamples read(ArrayHints hints) throws IOException {
        return NpzSamples.read(Files.readAllBytes(file), "the array", "cat", LIMITS, hints);
    }

    @ParameterizedTest(name = "{1}")
    @DisplayName("are refused beyond the limits, and with unusable arrays")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            images=np.zeros((4, 2, 2), 'u1'), labels=[1, 2, 3, 4]                 | has 4 images, more than the 3 allowed at once
            images=np.zeros((1, 20, 20), 'u1'), labels=[1]                        | has images of 400 pixels, more than the 100 allowed
            images=np.zeros((2, 20, 20), 'f8'), labels=[1]                        | has 6400 bytes, more than the 4096
            images=np.zeros((1, 2, 5, 5), 'u1'), labels=[1]                       | has images of 2 channels: expected 1 (grey) or 3
            images=np.full((1, 2, 2), 1.5), labels=[1]                            | has the value 1.5 in image 0
            images=np.zeros((1, 2, 2)), labels=[[1, 0]]                           | has shape [1, 2]: expected one item per image, [images]
            images=np.zeros((1, 2, 2)), labels=[['a', 'b']]                       | has shape [1, 2]: expected one item per image, [images]
            images=np.zeros((1, 2, 2)), labels=[True]                             | has dtype |b1: save it as integers
            images=np.zeros((1, 2, 2)), labels=[np.nan]                           | has the value NaN at position 0: save it as integers
            images=np.zeros((2, 3, 2, 3)), labels=[1, 2]                          | has shape [2, 3, 2, 3], which can be 2 images of 3x2x3 with channels-first or 2 images of 3x3x2 with channels-last
            images=np.zeros((1, 2, 2)), labels=[1], extra=[1]                     | contains 'extra.npy': it may contain only the arrays [ids, images, labels]
            images=np.zeros((1, 2, 2))                                            | has no array 'labels'
            images=np.zeros((1, 2, 2)), labels=[1, 2]                             | has length 2: expected 1, one per image
            """)
    void refuses(String arrays, String message) {
        Numpy.find().run("np.savez(sys.argv[1], %s)".formatted(arrays), file);

        assertThatThrownBy(this::read).isInstanceOf(DatasetException.class).hasMessageContaining(message);
    }

    @Test
    @DisplayName("are refused for their size with the error of the reader as the cause")
    void tooLarge() {
        Numpy.find().run("np.savez(sys.argv[1], images=np.zeros((2, 20, 20), 'f8'), labels=[1])", file);

        assertThatThrownBy(this::read).isInstanceOf(DataTooLargeException.class).hasCauseInstanceOf(NpzException.class);
    }

    @Test
    @DisplayName("are refused when the file is truncated or altered")
    void damaged() throws IOException {
        Numpy.find().run("np.savez(sys.argv[1], images=np.zeros((1, 2, 2), 'u1'), labels=[1])", file);
        byte[] sound = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(sound, sound.length - 1));
        assertThatThrownBy(this::read).hasMessageContaining("is not an NPZ file, or is truncated");

        sound[190] ^= 1; // within the pixels
        Files.write(file, sound);
        assertThatThrownBy(this::read)
                .hasMessageContaining("is damaged (")
                .hasMessageEndingWith("): save the arrays with numpy.savez");
    }

    @Test
    @DisplayName(
            "are refused with advice if NumPy wrote them to a pipe, without their sizes, unless they are compressed")
    void piped() throws IOException {
        String piped = "import subprocess; out = open(sys.argv[1], 'wb');"
                + " cat = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=out);"
                + " np.%s(cat.stdin, images=np.zeros((1, 2, 2), 'u1'), labels=[1]);"
                + " cat.stdin.close(); cat.wait()";

        Numpy.find().run(piped.formatted("savez"), file);
        assertThatThrownBy(this::read)
                .hasMessageContaining("the batch was written to a pipe")
                .hasMessageContaining("write it to a file or a buffer first");

        Numpy.find().run(piped.formatted("savez_compressed"), file);
        assertThat(read().labels()).containsExactly("1");
    }

    private NpzSamples read() throws IOException {
        return NpzSamples.read(Files.readAllBytes(file), "the batch", LIMITS, ArrayHints.NONE);
    }
}
