package dev.reverie.gpu.formation;

import dev.reverie.gpu.augment.ImageMap;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DecodingMode.Cell;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The synthetic images of one class as a network sees them in a step: decoded, subsampled where there are too many,
 * each through a view. The way back leads from a derivative by what is seen to one by what is stored.
 */
public final class SyntheticViews {

    private final double[][] stored;
    private final ImageShape shape;
    private final List<MultiFormation> formations;
    private final List<Cell> seen;
    private final List<ImageMap> views;

    /**
     * Chooses what is seen, all of it through the same view.
     *
     * @param stored images, kept and not changed
     * @param settings say how they are decoded, and how many decoded ones are seen at most
     * @param view normalisation and augmentation
     */
    public SyntheticViews(
            double[][] stored,
            MultiFormation formation,
            DistillationSettings.Matching settings,
            ImageMap view,
            RandomGenerator random) {
        this(stored, formation, subsampled(stored.length, formation, settings, random), view);
    }

    private SyntheticViews(double[][] stored, MultiFormation formation, List<Cell> seen, ImageMap view) {
        this(stored, formation, seen, Collections.nCopies(seen.size(), view));
    }

    /**
     * What is seen, as chosen already.
     *
     * @param stored images, kept and not changed
     * @param seen decoded images
     * @param views normalisation and augmentation of each of them
     */
    public SyntheticViews(double[][] stored, MultiFormation formation, List<Cell> seen, List<ImageMap> views) {
        this.stored = stored;
        this.shape = formation.shape();
        this.formations = IntStream.rangeClosed(1, formation.factor())
                .mapToObj(factor -> MultiFormation.of(factor, shape))
                .toList();
        this.seen = List.copyOf(seen);
        this.views = List.copyOf(views);
    }

    private static List<Cell> subsampled(
            int stored, MultiFormation formation, DistillationSettings.Matching settings, RandomGenerator random) {
        List<Cell> decoded = settings.decoding().cells(stored, formation.factor(), settings.maxDecoded());
        return decoded.size() <= settings.maxDecoded()
                ? decoded
                : RandomSelection.of(decoded.size(), settings.maxDecoded(), random.nextLong()).stream()
                        .map(decoded::get)
                        .toList();
    }

    /** Number of images seen. */
    public int size() {
        return seen.size();
    }

    /** What is seen at {@code index}. */
    public double[] image(int index) {
        Cell cell = seen.get(index);
        return views.get(index).apply(formation(cell).decode(stored[cell.stored()], cell.cell()));
    }

    private MultiFormation formation(Cell cell) {
        return formations.get(cell.factor() - 1);
    }

    /**
     * What the images of a micro-batch contribute to the derivative by what is stored, image by image. Micro-batches
     * may do so side by side.
     *
     * @param byView derivative by what is seen, {@code [n, channels, height, width]}
     */
    public List<double[]> adjoint(MicroBatch batch, Tensor byView) {
        double[] image = new double[shape.size()];
        List<double[]> shares = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            byView.read((long) i * image.length, image);
            Cell cell = seen.get(batch.start() + i);
            double[] share = new double[image.length];
            formation(cell).addAdjoint(views.get(batch.start() + i).adjoint(image), cell.cell(), share);
            shares.add(share);
        }
        return shares;
    }

    /**
     * The derivative by each stored image.
     *
     * @param shares of {@link #adjoint}, one list for each micro-batch, in order
     */
    public double[][] gradient(List<List<double[]>> shares) {
        double[][] gradient = new double[stored.length][shape.size()];
        int index = 0;
        for (List<double[]> batch : shares) {
            for (double[] share : batch) {
                double[] sum = gradient[seen.get(index++).stored()];
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += share[i];
                }
            }
        }
        return gradient;
    }
}
