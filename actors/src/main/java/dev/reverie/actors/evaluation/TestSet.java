package dev.reverie.actors.evaluation;

import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A copy of the memory, and the real images on which it is tested. The memory was learned from none of these images.
 *
 * @param images test images by class index, only of classes of the memory
 */
record TestSet(DistilledSet memory, Instant taken, SortedMap<Integer, List<Image>> images) {

    /** Creates a test set without the images of classes that the memory does not contain. */
    static TestSet of(DistilledSet memory, Instant taken, Map<Integer, List<Image>> images) {
        SortedMap<Integer, List<Image>> known = new TreeMap<>(images);
        known.keySet().retainAll(memory.parameterLabels());
        return new TestSet(memory, taken, known);
    }

    /** Keeps at most this many images of each class. */
    TestSet limitedTo(int imagesPerClass) {
        SortedMap<Integer, List<Image>> limited = new TreeMap<>(images);
        limited.replaceAll((classIndex, all) -> all.subList(0, Math.min(imagesPerClass, all.size())));
        return new TestSet(memory, taken, limited);
    }

    int classes() {
        return images.size();
    }

    /** The test images, labelled with the position of their class among the classes of the memory. */
    List<LabelledImage> labelled() {
        return images.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(image -> new LabelledImage(image, position(each))))
                .toList();
    }

    private int position(Map.Entry<Integer, List<Image>> imagesOfClass) {
        return memory.classes().positionOf(imagesOfClass.getKey());
    }

    /**
     * The result of the evaluation.
     *
     * @param seconds time spent on training and testing, without pauses
     */
    MemoryEvaluated outcome(EvaluationReport report, Instant ended, double seconds) {
        List<Double> byPosition = report.byClass().getFirst();
        List<MemoryEvaluated.ClassAccuracy> accuracies = images.entrySet().stream()
                .map(each -> new MemoryEvaluated.ClassAccuracy(
                        each.getKey(),
                        memory.classes().nameOf(each.getKey()),
                        each.getValue().size(),
                        byPosition.get(position(each))))
                .toList();
        return new MemoryEvaluated(taken, ended, accuracies, memory.classes().size(), OptionalDouble.of(seconds));
    }
}
