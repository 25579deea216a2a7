package dev.reverie.gpu.augment;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * CutMix (Yun et al., 2019), as IDC and DREAM apply it after augmentation. All images in a batch share one box; inside
 * the box, the pixels of each image are replaced by those of another image in the batch. Before it is clipped at the
 * border, the box covers a fraction 1 - lambda of the image, where lambda is uniform in [0, 1] (Beta(1, 1)). The label
 * weights are computed from the area of the clipped box.
 */
public record CutMix(ImageShape shape, double probability) {

    public CutMix {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the cutmix probability must lie between 0 and 1, got " + probability);
        }
    }

    /** A box of pixels; {@code bottom} and {@code right} are exclusive. */
    private record Box(int top, int bottom, int left, int right) {

        int area() {
            return (bottom - top) * (right - left);
        }
    }

    /** Mixes a batch with probability {@code probability}; otherwise returns it unchanged. */
    public TrainingBatch mix(TrainingBatch batch, RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return batch;
        }
        Box box = drawBox(random);
        int[] partners = permutation(batch.images().size(), random);
        return box.area() == 0 ? batch : pasted(batch, partners, box);
    }

    private TrainingBatch pasted(TrainingBatch batch, int[] partners, Box box) {
        double weight = 1 - (double) box.area() / shape.planeSize();
        List<double[]> images = new ArrayList<>(partners.length);
        List<double[]> targets = new ArrayList<>(partners.length);
        for (int i = 0; i < partners.length; i++) {
            images.add(paste(batch.images().get(partners[i]), batch.images().get(i), box));
            targets.add(mixed(weight, batch.targets().get(i), batch.targets().get(partners[i])));
        }
        return new TrainingBatch(images, targets);
    }

    private static double[] mixed(double weight, double[] own, double[] other) {
        double[] mixed = new double[own.length];
        for (int k = 0; k < mixed.length; k++) {
            mixed[k] = weight * own[k] + (1 - weight) * other[k];
        }
        return mixed;
    }

    private double[] paste(double[] source, double[] target, Box box) {
        double[] result = target.clone();
        for (int plane = 0; plane < result.length; plane += shape.planeSize()) {
            for (int row = box.top(); row < box.bottom(); row++) {
                int start = plane + row * shape.width() + box.left();
                System.arraycopy(source, start, result, start, box.right() - box.left());
            }
        }
        return result;
    }

    private Box drawBox(RandomGenerator random) {
        double side = Math.sqrt(1 - random.nextDouble());
        int halfHeight = (int) (shape.height() * side) / 2;
        int halfWidth = (int) (shape.width() * side) / 2;
        int row = random.nextInt(shape.height());
        int column = random.nextInt(shape.width());
        return new Box(
                Math.max(row - halfHeight, 0),
                Math.min(row + halfHeight, shape.height()),
                Math.max(column - halfWidth, 0),
                Math.min(column + halfWidth, shape.width()));
    }

    private static int[] permutation(int count, RandomGenerator random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
