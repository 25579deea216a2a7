package dev.reverie.gpu.method;

import dev.reverie.gpu.augment.ImageMap;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The synthetic images of one class as a network sees them in a step: decoded, subsampled where there are too many,
 * each through a view. The way back leads from a derivative by what is seen to one by what is stored.
 */
final class SyntheticViews {

    private final double[][] stored;
    private final MultiFormation formation;
    private final List<Integer> decoded;
    private final List<ImageMap> views;

    /**
     * What is seen, as chosen already.
     *
     * @param stored images, kept and not changed
     * @param decoded which of the decoded images are seen, each at most once
     * @param views normalisation and augmentation of each of them
     */
    SyntheticViews(double[][] stored, MultiFormation formation, List<Integer> decoded, List<ImageMap> views) {
        this.stored = stored;
        this.formation = formation;
        this.decoded = List.copyOf(decoded);
        this.views = List.copyOf(views);
    }

    /**
     * Chooses what is seen, all of it through the same view.
     *
     * @param stored images, kept and not changed
     * @param most at most so many decoded images are seen
     * @param view normalisation and augmentation
     */
    SyntheticViews(double[][] stored, MultiFormation formation, int most, ImageMap view, RandomGenerator random) {
        this(stored, formation, subsample(stored.length * formation.cells(), most, random), view);
    }

    private SyntheticViews(double[][] stored, MultiFormation formation, List<Integer> decoded, ImageMap view) {
        this(stored, formation, decoded, Collections.nCopies(decoded.size(), view));
    }

    private static List<Integer> subsample(int available, int most, RandomGenerator random) {
        return available <= most
                ? IntStream.range(0, available).boxed().toList()
                : RandomSelection.of(available, most, random.nextLong());
    }

    /** Number of images seen. */
    int size() {
        return decoded.size();
    }

    /** What is seen at {@code index}. */
    double[] image(int index) {
        int which = decoded.get(index);
        return views.get(index)
                .apply(formation.decode(
                        stored[formation.storedOf(which, stored.length)], formation.cellOf(which, stored.length)));
    }

    /** Memory for a derivative by what is stored, all zeros. */
    double[][] gradient() {
        return new double[stored.length][formation.shape().size()];
    }

    /**
     * Adds what a micro-batch contributes to the derivative by what is stored. Cells of one stored image do not
     * overlap, so micro-batches may do so side by side.
     *
     * @param byView derivative by what is seen, {@code [n, channels, height, width]}
     * @param gradient of {@link #gradient()}
     */
    void addAdjoint(MicroBatch batch, Tensor byView, double[][] gradient) {
        double[] image = new double[formation.shape().size()];
        for (int i = 0; i < batch.size(); i++) {
            byView.read((long) i * image.length, image);
            int which = decoded.get(batch.start() + i);
            formation.addAdjoint(
                    views.get(batch.start() + i).adjoint(image),
                    formation.cellOf(which, stored.length),
                    gradient[formation.storedOf(which, stored.length)]);
        }
    }
}
