package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;

/**
 * One evaluation: the images to train on, the images to test on, and the settings.
 *
 * @param images training images
 * @param test real images of the same classes, not empty
 * @param settings settings of the networks and of their training
 */
public record EvaluationTask(TrainingImages images, List<LabelledImage> test, EvaluationSettings settings) {

    public EvaluationTask {
        test = List.copyOf(test);
    }
}
