package dev.reverie.gpu.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.method.ForeignFile;
import dev.reverie.gpu.network.Predictor;
import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks and outputs of PyTorch, written by {@code src/test/python/networks.py}. */
@DisplayName("A network in an ONNX file")
class OnnxNetworkTest {

    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final float TOLERANCE = 1e-4f;

    private final double[][] images = expected("images");

    @ParameterizedTest
    @CsvSource({"both, features", "unnormalised, plain", "maps, maps", "channels-last, plain"})
    @DisplayName("gives the features that it has in PyTorch, those of maps averaged, for channels first or last")
    void features(String file, String name) {
        Optional<Normalisation> none = file.equals("unnormalised")
                ? Optional.of(new Normalisation(List.of(0.0), List.of(1.0)))
                : Optional.empty();

        try (ForeignModel model = ForeignModel.open(new ForeignFile(path(file), "", none, List.of()), SHAPE)) {
            assertAlike(model.rows(images.length, i -> images[i]), expected(name));
        }
    }

    @Test
    @DisplayName("classifies by the classes that its metadata name, in the order that is asked for")
    void logits() {
        List<Integer> outputs = List.of(2, 0); // apple and pear
        try (ForeignModel model = open("both", outputs)) {
            assertThat(model.outputsOf(List.of("apple", "pear"))).isEqualTo(outputs);
            assertThatThrownBy(() -> model.outputsOf(List.of("apple", "nut")))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("does not know the class 'nut'");
            assertAlike(model.rows(images.length, i -> images[i]), columns(expected("logits"), outputs));
        }
    }

    @Test
    @DisplayName("for two images in each run classifies any number, and needs as many outputs as there are classes")
    void fixedBatch() {
        try (ForeignModel model = open("fixed", List.of(0, 1, 2, 3))) {
            double[][] rows = model.rows(3, i -> images[i % 2]);

            assertAlike(Arrays.copyOf(rows, 2), expected("logits"));
            assertThat(rows[2]).isEqualTo(rows[0]);
            assertThat(model.outputsOf(List.of("a", "b", "c", "d"))).containsExactly(0, 1, 2, 3);
            assertThatThrownBy(() -> model.outputsOf(List.of("a", "b")))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("has 4 outputs, but there are 2 classes");
        }
    }

    @Test
    @DisplayName("predicts for images with the normalisation of a dataset")
    void predicts() {
        Normalisation dataset = new Normalisation(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 0.4));
        try (Predictor predictor = open("fixed", List.of(0, 1, 2, 3)).predictor(dataset)) {
            List<double[]> logits = predictor.logits(2, i -> normalised(images[i], dataset));

            assertAlike(logits.toArray(double[][]::new), expected("logits"));
        }
    }

    private static double[] normalised(double[] image, Normalisation dataset) {
        int plane = SHAPE.planeSize();
        return IntStream.range(0, image.length)
                .mapToDouble(at -> (image[at] - dataset.mean().get(at / plane))
                        / dataset.std().get(at / plane))
                .toArray();
    }

    @Test
    @DisplayName("gets images of another size or with one channel in its own size and with its channels")
    void converts() {
        ImageShape grey = new ImageShape(1, 8, 12);
        try (ForeignModel model = ForeignModel.open(file("fixed", List.of()), grey)) {
            double[] levels = new double[grey.size()];
            Arrays.fill(levels, 0.3);
            double[] colours = new double[SHAPE.size()];
            Arrays.fill(colours, 0.3);

            try (ForeignModel direct = open("fixed", List.of())) {
                assertAlike(model.rows(1, _ -> levels), direct.rows(1, _ -> colours));
            }
        }
    }

    @Test
    @DisplayName("for grey images gets the luminance of colour images")
    void greyOfColour() {
        ImageShape grey = new ImageShape(1, 8, 8);
        ImageShape colour = new ImageShape(3, 8, 8);
        double[] levels = new double[grey.size()];
        Arrays.fill(levels, 0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6);
        double[] colours = IntStream.range(0, colour.size())
                .mapToDouble(i -> 0.2 * (1 + i / grey.size()))
                .toArray();

        try (ForeignModel ofGrey = ForeignModel.open(file("halves", List.of()), grey);
                ForeignModel ofColour = ForeignModel.open(file("halves", List.of()), colour)) {
            assertAlike(ofColour.rows(1, _ -> colours), ofGrey.rows(1, _ -> levels));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unnormalised | does not say how its images are normalised",
                "several | has the outputs one, two: export it with one output, or name one of them features",
                "vectors | its input 'images' takes no images of floats",
                "missing | does not exist or is no file",
            })
    @DisplayName("is refused in a sentence if it does not fit")
    void refuses(String file, String message) {
        assertThatThrownBy(() -> open(file, List.of()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("is refused in a sentence if the file is damaged, or for images of more channels")
    void refusesDamage(@TempDir Path folder) throws IOException {
        Path damaged = folder.resolve("damaged.onnx");
        byte[] bytes = Files.readAllBytes(path("both"));
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> ForeignModel.open(new ForeignFile(damaged, "", Optional.empty(), List.of()), SHAPE))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("damaged.onnx cannot be used as a network for images");
        assertThatThrownBy(() -> ForeignModel.open(file("both", List.of()), new ImageShape(4, 16, 16)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("takes images of 3 channels, but those of the dataset have 4");
    }

    private static ForeignModel open(String name, List<Integer> outputs) {
        return ForeignModel.open(file(name, outputs), SHAPE);
    }

    private static ForeignFile file(String name, List<Integer> outputs) {
        return new ForeignFile(path(name), "", Optional.empty(), outputs);
    }

    private static Path path(String name) {
        return resource("both.onnx").resolveSibling(name + ".onnx");
    }

    private static Path resource(String name) {
        try {
            return Path.of(OnnxNetworkTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[][] columns(double[][] rows, List<Integer> columns) {
        return Arrays.stream(rows)
                .map(row -> columns.stream().mapToDouble(column -> row[column]).toArray())
                .toArray(double[][]::new);
    }

    private static void assertAlike(double[][] rows, double[][] expected) {
        assertThat(rows).hasDimensions(expected.length, expected[0].length);
        for (int row = 0; row < rows.length; row++) {
            assertThat(rows[row]).containsExactly(expected[row], offset((double) TOLERANCE));
        }
    }

    /** Reads an array of PyTorch, with one row for each image. */
    private static double[][] expected(String name) {
        try (NpzArchive archive = NpzArchive.open(resource("expected.npz"))) {
            NpyArray array = archive.get(name, each -> each);
            float[] values = array.toFloats();
            int count = array.shape().getFirst();
            int length = values.length / count;
            return IntStream.range(0, count)
                    .mapToObj(row -> IntStream.range(row * length, (row + 1) * length)
                            .mapToDouble(i -> values[i])
                            .toArray())
                    .toArray(double[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
