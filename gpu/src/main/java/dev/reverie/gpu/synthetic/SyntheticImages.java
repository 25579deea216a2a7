package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * The stored synthetic images of one class and the state of their optimiser, which is stochastic gradient descent with
 * momentum m and learning rate eta, without dampening or weight decay. Mutable and not thread safe: an instance has a
 * single owner.
 *
 * <p>In the reference implementation of IDC, the images of all classes are one parameter of one optimiser, which
 * performs one step per class in each inner loop. In a step of another class, the gradient for this class is zero, but
 * momentum still moves its images: the velocity v becomes m v, and the images x become x - eta m v. {@link #coast}
 * applies these steps in closed form, so classes do not depend on each other. With ten classes and m = 0.5, nearly all
 * of the momentum has decayed before the next step of the same class; a gradient g then moves the images by about eta g
 * / (1 - m) in total.
 */
public final class SyntheticImages {

    private static final float[] NONE = {};

    private final ImageShape shape;
    private final float[] values;
    /** Empty as long as no image has momentum. */
    private float[] velocity;

    private float[] average;
    /** The average as it was last read, unless it has changed since then; it shares the array, which is then kept. */
    private Optional<ImageBatch> unchangedAverage = Optional.empty();

    private SyntheticImages(ImageShape shape, float[] values, float[] velocity, float[] average) {
        this.shape = shape;
        this.values = values;
        this.velocity = velocity;
        this.average = average;
    }

    /** Starts from the given images with zero velocity; the images are also the initial average. */
    public static SyntheticImages of(ImageBatch images) {
        return new SyntheticImages(images.shape(), images.toArray(), NONE, images.toArray());
    }

    /**
     * Restores a saved state.
     *
     * @throws IllegalArgumentException if {@code velocity} or {@code average} differs from {@code images} in number or
     *     shape
     */
    public static SyntheticImages of(ImageBatch images, ImageBatch velocity, ImageBatch average) {
        requireAlike(images.shape(), images.count(), velocity, "a velocity");
        requireAlike(images.shape(), images.count(), average, "an average");
        return new SyntheticImages(images.shape(), images.toArray(), velocity.toArray(), average.toArray());
    }

    /** Returns the images at these indices, with their momentum and their averages. */
    public SyntheticImages pick(List<Integer> indices) {
        return of(images().pick(indices), velocity().pick(indices), average().pick(indices));
    }

    /** Returns these images followed by others, which have no momentum yet. */
    public SyntheticImages with(ImageBatch added) {
        SyntheticImages others = of(added);
        return of(
                ImageBatch.join(List.of(images(), added)),
                ImageBatch.join(List.of(velocity(), others.velocity())),
                ImageBatch.join(List.of(average(), added)));
    }

    public long values() {
        return values.length;
    }

    public int count() {
        return values.length / shape.size();
    }

    /** The current images, which may leave [0, 1] until they are clamped. */
    public ImageBatch images() {
        return ImageBatch.of(shape, values);
    }

    /**
     * The running average of the images, which the memory publishes; see {@link #updateAverage}. As long as it does not
     * change, this method returns the same batch.
     */
    public ImageBatch average() {
        ImageBatch batch = unchangedAverage.orElseGet(() -> ImageBatch.owning(shape, average));
        unchangedAverage = Optional.of(batch);
        return batch;
    }

    /** The current momentum buffer, in units of the gradient. */
    public ImageBatch velocity() {
        return ImageBatch.owning(shape, velocity.length == 0 ? new float[values.length] : velocity.clone());
    }

    /** Performs the optimiser step of this class: v becomes m v + g, and then x becomes x - eta v. */
    public void step(ImageBatch gradient, double learningRate, double momentum) {
        requireAlike(shape, count(), gradient, "a gradient");
        float[] derivative = gradient.toArray();
        if (velocity.length == 0) {
            velocity = new float[values.length];
        }
        for (int i = 0; i < values.length; i++) {
            velocity[i] = (float) (momentum * velocity[i] + derivative[i]);
            values[i] = (float) (values[i] - learningRate * velocity[i]);
        }
    }

    /**
     * Applies the steps of other classes, at least 0, in which the gradient for this class is zero: x becomes x - eta v
     * (m + m^2 + ... + m^steps), and v becomes m^steps v.
     */
    public void coast(int steps, double learningRate, double momentum) {
        double decay = Math.pow(momentum, steps);
        double distance = learningRate * momentum * (1 - decay) / (1 - momentum);
        for (int i = 0; i < velocity.length; i++) {
            values[i] = (float) (values[i] - distance * velocity[i]);
            velocity[i] = (float) (decay * velocity[i]);
        }
    }

    /**
     * Updates the running average a with the current images: a becomes share a + (1 - share) x, for a share in [0, 1)
     * (Polyak and Juditsky, 1992, with exponential weights). This method is called once per visit. Returns the root
     * mean square change of a pixel value of the average.
     */
    public double updateAverage(double share) {
        float[] next = unchangedAverage.isPresent() ? new float[average.length] : average;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            float before = average[i];
            next[i] = (float) (share * before + (1 - share) * values[i]);
            squares += ((double) next[i] - before) * ((double) next[i] - before);
        }
        average = next;
        unchangedAverage = Optional.empty();
        return Math.sqrt(squares / values.length);
    }

    /**
     * Clamps every value to [0, 1] and leaves the velocity unchanged. This method is called at the start of an outer
     * iteration, and by some methods at the start of each inner loop.
     */
    public void clamp() {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], 0f, 1f);
        }
    }

    private static void requireAlike(ImageShape shape, int count, ImageBatch batch, String name) {
        if (!batch.shape().equals(shape) || batch.count() != count) {
            throw new IllegalArgumentException("want " + name + " of " + count + " " + shape + " images, got "
                    + batch.count() + " of " + batch.shape());
        }
    }
}
