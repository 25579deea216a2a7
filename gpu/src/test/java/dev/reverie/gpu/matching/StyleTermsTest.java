package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNet.ConvolutionListener;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The style terms of a class step")
class StyleTermsTest extends AbstractMatchingEngineTest {

    private static final int WIDTH = 3;
    private static final int DEPTH = 3;
    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);
    private static final double EPSILON = 1e-5;

    private final Kernels kernels = Device.referenceKernels(Precision.DOUBLE);

    @Test
    @DisplayName("add to the loss of each block the weighted distances of the moments and the correlations of its"
            + " convolution")
    void losses() {
        List<Image> real = images(SHAPE, 5);
        double[][] synthetic = pixels(images(SHAPE, 2));
        List<BlockStyle> target = style(pixels(real));
        List<BlockStyle> own = style(synthetic);

        List<Double> without = match(new StyleWeights(0, 0), real, synthetic).blockLosses();
        List<Double> moments = match(new StyleWeights(7, 0), real, synthetic).blockLosses();
        List<Double> correlations =
                match(new StyleWeights(0, 9), real, synthetic).blockLosses();
        List<Double> both = match(new StyleWeights(7, 9), real, synthetic).blockLosses();

        for (int block = 0; block < DEPTH; block++) {
            double byMoments = 7 * own.get(block).momentDistance(target.get(block), block);
            double byCorrelations = 9 * own.get(block).gramDistance(target.get(block));
            double features = without.get(block);
            assertThat(byMoments).isPositive();
            assertThat(byCorrelations).isPositive();
            assertThat(moments.get(block)).isCloseTo(features + byMoments, offset(1e-9));
            assertThat(correlations.get(block)).isCloseTo(features + byCorrelations, offset(1e-9));
            assertThat(both.get(block)).isCloseTo(features + byMoments + byCorrelations, offset(1e-9));
        }
    }

    @Test
    @DisplayName("count an image that occurs twice in the real batch twice")
    void repeatedImages() {
        List<Image> real = images(SHAPE, 3);
        List<Image> repeated = List.of(real.get(0), real.get(1), real.get(0), real.get(2));
        double[][] synthetic = pixels(images(SHAPE, 2));

        List<Double> blockLosses =
                match(new StyleWeights(1, 0), repeated, synthetic).blockLosses();

        double expected = style(synthetic)
                .getFirst()
                .momentDistance(style(pixels(repeated)).getFirst(), 0);
        assertThat(blockLosses.getFirst()).isCloseTo(expected, offset(1e-9));
    }

    @Test
    @DisplayName("stay small for a class whose pixels average to the mean of the dataset")
    void vanishingMeans() {
        byte grey = (byte) Math.round(255 * MEAN);
        byte[] pixels = new byte[SHAPE.size()];
        Arrays.fill(pixels, grey);
        Image flat = Image.of(SHAPE, pixels);
        pixels[0] = (byte) (grey + 1);
        double[][] synthetic = pixels(List.of(Image.of(SHAPE, pixels)));

        List<Double> blockLosses =
                match(new StyleWeights(1, 0), List.of(flat), synthetic).blockLosses();

        assertThat(blockLosses.getFirst()).isBetween(0.0, 0.1);
    }

    @Test
    @DisplayName("vanish, as does their gradient, if the synthetic images are the real ones")
    void alike() {
        List<Image> real = images(SHAPE, 3);

        MatchingGradient matched = match(new StyleWeights(180, 10_000), real, pixels(real));

        assertThat(matched.loss()).isCloseTo(0, offset(1e-9));
        assertThat(matched.gradient())
                .allSatisfy(gradient -> assertThat(gradient).containsExactly(new double[SHAPE.size()], offset(1e-9)));
    }

    @Test
    @DisplayName("are refused for an objective that matches gradients, and for a method without matching")
    void refused() {
        DistillationSettings dream = settings(GradientDistance.MSE, 2, 1, "none");
        StyleWeights weights = new StyleWeights(1, 0);

        assertThatThrownBy(() -> dream.withStyle(weights))
                .hasMessageContaining("choose an objective without gradients");
        assertThatThrownBy(() -> dream.withMethod(Method.TILE)
                        .withComposition(Method.TILE.composition())
                        .withStyle(weights))
                .hasMessageContaining("set both weights to 0");
        assertThatThrownBy(() -> new StyleWeights(0, Double.NaN)).hasMessageContaining("correlations");
        assertThatThrownBy(() -> new StyleWeights(-1, 0)).hasMessageContaining("moments");
    }

    private static double[][] pixels(List<Image> images) {
        return images.stream().map(Image::values).toArray(double[][]::new);
    }

    private MatchingGradient match(StyleWeights weights, List<Image> real, double[][] synthetic) {
        DistillationSettings settings = settings(
                        Method.DM,
                        WIDTH,
                        synthetic.length,
                        1,
                        NetworkVariation.NONE,
                        matching(GradientDistance.MSE, "none", 0))
                .withStyle(weights);
        ImageBatch stored = ImageBatch.of(SHAPE, new float[synthetic.length * SHAPE.size()]);
        try (MatchingEngine engine = MatchingEngine.on(kernels, 2, settings, SHAPE, normalisation(1))) {
            return engine.match(new MatchTask(NETWORK, 1, real, stored, DRAW), synthetic);
        }
    }

    /** Means and deviations by channel, and the Gram matrix, averaged over images. */
    private static final class BlockStyle {

        private final double[] means = new double[WIDTH];
        private final double[] deviations = new double[WIDTH];
        private final double[] gram = new double[WIDTH * WIDTH];

        /** Adds the style of one image. */
        void add(double[] planes, int images) {
            int pixels = planes.length / WIDTH;
            for (int c = 0; c < WIDTH; c++) {
                double[] plane = Arrays.copyOfRange(planes, c * pixels, (c + 1) * pixels);
                double mean = Arrays.stream(plane).average().orElseThrow();
                double variance = Arrays.stream(plane)
                        .map(value -> (value - mean) * (value - mean))
                        .average()
                        .orElseThrow();
                means[c] += mean / images;
                deviations[c] += Math.sqrt(variance + EPSILON) / images;
                for (int d = 0; d < WIDTH; d++) {
                    int other = d * pixels;
                    gram[c * WIDTH + d] += IntStream.range(0, pixels)
                                    .mapToDouble(at -> plane[at] * planes[other + at])
                                    .sum()
                            / planes.length
                            / images;
                }
            }
        }

        /**
         * The real means are taken as if each channel had a bias, which is drawn from plus or minus 1 / sqrt(fan-in).
         */
        double momentDistance(BlockStyle real, int block) {
            int fanIn = 9 * (block == 0 ? SHAPE.channels() : WIDTH);
            double biases = WIDTH / 3.0 / fanIn;
            return (squares(minus(means, real.means)) / (squares(real.means) + biases)
                            + squares(minus(deviations, real.deviations)) / squares(real.deviations))
                    / 2;
        }

        double gramDistance(BlockStyle real) {
            return squares(minus(gram, real.gram));
        }

        private static double[] minus(double[] x, double[] y) {
            return IntStream.range(0, x.length).mapToDouble(i -> x[i] - y[i]).toArray();
        }

        private static double squares(double[] x) {
            return Arrays.stream(x).map(value -> value * value).sum();
        }
    }

    /** Computes the style of images from the outputs of the network's convolutions, value by value. */
    private List<BlockStyle> style(double[][] images) {
        List<double[]> convolved = new ArrayList<>();
        ConvolutionListener listener = (norm, scratch) -> convolved.add(norm.z().toDoubles());
        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels);
                ConvNet network = ConvNet.fresh(
                        new ConvNetArchitecture(SHAPE, CLASSES, WIDTH, DEPTH),
                        kernels,
                        Seeds.generator(Seeds.of(SEED, Seeds.Purpose.NETWORK, NETWORK.outer())))) {
            network.embed(
                    new MicroBatch(0, images.length)
                            .load(
                                    SHAPE,
                                    i -> Arrays.stream(images[i])
                                            .map(value -> (value - MEAN) / DEVIATION)
                                            .toArray(),
                                    scratch),
                    listener,
                    scratch);
        }
        return convolved.stream().map(z -> average(z, images.length)).toList();
    }

    private static BlockStyle average(double[] z, int images) {
        BlockStyle style = new BlockStyle();
        int size = z.length / images;
        for (int image = 0; image < images; image++) {
            style.add(Arrays.copyOfRange(z, image * size, (image + 1) * size), images);
        }
        return style;
    }
}
