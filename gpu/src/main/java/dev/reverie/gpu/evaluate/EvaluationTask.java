package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.network.Predictor;
import java.util.List;
import java.util.Optional;

/**
 * One evaluation: the images to train on, the images to test on, and the settings.
 *
 * @param images training images; every epoch uses each of them once
 * @param replayed images of the same classes that are replayed: every batch is extended by as many of them as a whole
 *     batch has, drawn with replacement
 * @param observer labels the training images; present exactly if the recipe has an observer temperature
 * @param test real images of the same classes, not empty
 */
public record EvaluationTask(
        TrainingImages images,
        Optional<TrainingImages> replayed,
        Optional<Predictor.Source> observer,
        List<LabelledImage> test,
        EvaluationSettings settings) {

    public EvaluationTask {
        test = List.copyOf(test);
        boolean asks = settings.recipe().observerTemperature().isPresent();
        if (asks != observer.isPresent()) {
            throw new IllegalArgumentException(
                    asks
                            ? "the recipe takes its labels from an observer, but there is none"
                            : "there is an observer, but the recipe takes its labels from the images");
        }
    }

    public EvaluationTask(
            TrainingImages images,
            Optional<TrainingImages> replayed,
            List<LabelledImage> test,
            EvaluationSettings settings) {
        this(images, replayed, Optional.empty(), test, settings);
    }

    public EvaluationTask(TrainingImages images, List<LabelledImage> test, EvaluationSettings settings) {
        this(images, Optional.empty(), test, settings);
    }
}
