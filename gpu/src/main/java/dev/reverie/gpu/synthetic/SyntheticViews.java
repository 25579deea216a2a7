package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DecodingMode.Cell;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The synthetic images of one class as a network sees them in a step: decoded, reduced to a random subset if there are
 * too many, normalised and augmented. The adjoint turns derivatives with respect to these views into derivatives with
 * respect to the stored images.
 */
public final class SyntheticViews {

    private final double[][] stored;
    private final ImageShape shape;
    private final List<MultiFormation> formations;
    private final List<Cell> seen;
    private final List<AffineImageTransform> views;

    /**
     * Chooses the decoded images of a step, {@code [count][channels * height * width]}, neither copied nor changed; all
     * of them get the same normalisation and augmentation.
     */
    public SyntheticViews(
            double[][] stored, DistillationContext context, AffineImageTransform view, RandomGenerator random) {
        this(stored, context.formation(), subsampled(stored.length, context, random), view);
    }

    private SyntheticViews(double[][] stored, MultiFormation formation, List<Cell> seen, AffineImageTransform view) {
        this(stored, formation, seen, Collections.nCopies(seen.size(), view));
    }

    /** Draws the normalisation and augmentation that all images of a step share. */
    public static AffineImageTransform drawView(DistillationContext context, RandomGenerator random) {
        String strategy = context.settings().matching().augmentation();
        return context.normalise()
                .then(Augmentation.of(strategy, context.shape()).draw(random));
    }

    /**
     * Creates views of decoded images that have already been chosen, each with its own normalisation and augmentation.
     */
    public SyntheticViews(
            double[][] stored, MultiFormation formation, List<Cell> seen, List<AffineImageTransform> views) {
        this.stored = stored;
        this.shape = formation.shape();
        this.formations = IntStream.rangeClosed(1, formation.factor())
                .mapToObj(factor -> MultiFormation.of(factor, shape))
                .toList();
        this.seen = List.copyOf(seen);
        this.views = List.copyOf(views);
    }

    private static List<Cell> subsampled(int stored, DistillationContext context, RandomGenerator random) {
        MatchingSettings settings = context.settings().matching();
        int factor = context.formation().factor();
        List<Cell> decoded = settings.decoding().cells(stored, factor, settings.maxDecoded());
        return decoded.size() <= settings.maxDecoded()
                ? decoded
                : RandomSelection.of(decoded.size(), settings.maxDecoded(), random.nextLong()).stream()
                        .map(decoded::get)
                        .toList();
    }

    /** Number of decoded images. */
    public int size() {
        return seen.size();
    }

    public double[] image(int index) {
        Cell cell = seen.get(index);
        return views.get(index).apply(formation(cell).decode(stored[cell.stored()], cell.cell()));
    }

    private MultiFormation formation(Cell cell) {
        return formations.get(cell.factor() - 1);
    }

    /**
     * Computes the contribution of each image of a micro-batch to the derivative with respect to the stored images,
     * from that with respect to the augmented ones. Concurrent calls with different micro-batches are safe.
     */
    public List<double[]> adjoint(MicroBatch batch, Tensor byView) {
        double[][] rows = byView.toRows();
        return batch.places()
                .mapToObj(place -> adjoint(batch.start() + place, rows[place]))
                .toList();
    }

    private double[] adjoint(int index, double[] byImage) {
        Cell cell = seen.get(index);
        double[] share = new double[shape.size()];
        formation(cell).addAdjoint(views.get(index).adjoint(byImage), cell.cell(), share);
        return share;
    }

    /** Sums the results of {@link #adjoint}, one list per micro-batch, in order, for each stored image. */
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
