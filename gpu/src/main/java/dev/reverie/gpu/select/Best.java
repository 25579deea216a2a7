package dev.reverie.gpu.select;

import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;

/**
 * Which of the synthetic images of a class to keep when there is room for fewer: by herding on their pixels, those
 * whose mean follows the mean of all. What a class teaches is the sum over its images, so what matters of a few is how
 * well they stand for that sum.
 */
public final class Best {

    private Best() {}

    /**
     * The images to keep.
     *
     * @param images of one class, synthetic
     * @param count at most as many as there are
     * @return their indices, best first
     */
    public static List<Integer> of(ImageBatch images, int count) {
        return Herding.choose(Features.of(images.shape().size(), images.toArray()), count);
    }
}
