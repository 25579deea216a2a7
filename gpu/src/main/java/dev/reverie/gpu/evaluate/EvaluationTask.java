package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;

/**
 * What a network is trained on and tested with.
 *
 * @param images what it is trained on
 * @param test real images of the same classes, not empty
 * @param settings how it is trained
 */
public record EvaluationTask(TrainingImages images, List<LabelledImage> test, EvaluationSettings settings) {

    public EvaluationTask {
        test = List.copyOf(test);
    }
}
