package dev.reverie.actors.evaluation;

import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds a copy of the memory and a uniform sample of the real images that arrived after the copy was made. The memory
 * was learned from none of these images. Not thread safe.
 */
final class HeldOutImages {

    private final DistilledSet memory;
    private final Instant taken;
    /** Position of each class among the classes of the memory, by name. */
    private final Map<String, Integer> positions = new HashMap<>();

    /** Position of the class of each test image, by ordinal. */
    private final Map<Long, Integer> labels = new HashMap<>();

    private Reservoir sample;
    private long added;
    private long leftOut;

    /**
     * Creates an instance without test images.
     *
     * @param taken time at which the memory was copied, or a later time
     * @param capacity maximum number of test images
     */
    HeldOutImages(DistilledSet memory, Instant taken, int capacity) {
        this.memory = memory;
        this.taken = taken;
        this.sample = Reservoir.empty(taken.toEpochMilli(), capacity);
        memory.parameterLabels().stream()
                .distinct()
                .forEach(label -> positions.put(
                        memory.classes().nameOf(label), memory.classes().positionOf(label)));
    }

    /**
     * Adds accepted images. Images that were received before the memory was copied are ignored, since the memory may
     * have been learned from them.
     *
     * @param received time at which the service received the images
     */
    void add(Instant received, List<Sample> samples) {
        if (!received.isAfter(taken)) {
            return;
        }
        int channels = memory.images().shape().channels();
        List<LabelledImage> known = new ArrayList<>();
        for (Sample each : samples) {
            Optional.ofNullable(positions.get(each.label()))
                    .ifPresentOrElse(
                            label -> known.add(new LabelledImage(each.image().withChannels(channels), label)),
                            () -> leftOut++);
        }
        List<ReservoirImage> chosen =
                sample.choose(added, known.stream().map(LabelledImage::image).toList());
        chosen.forEach(image -> labels.put(
                image.ordinal(),
                known.get(Math.toIntExact(image.ordinal() - added)).label()));
        sample = sample.with(chosen);
        added += known.size();
    }

    DistilledSet memory() {
        return memory;
    }

    Instant taken() {
        return taken;
    }

    /** Number of test images. */
    int size() {
        return sample.size();
    }

    /**
     * Whether a newer copy of the memory is needed: no image was added, or some images belong to classes that the copy
     * lacks.
     */
    boolean isOutdated() {
        return added == 0 || leftOut > 0;
    }

    /** The test images, labelled with the position of their class among the classes of the memory. */
    List<LabelledImage> test() {
        return sample.entries().stream()
                .map(image -> new LabelledImage(image.image(), label(image)))
                .toList();
    }

    private int label(ReservoirImage image) {
        return Optional.ofNullable(labels.get(image.ordinal())).orElseThrow();
    }

    /**
     * The result of the evaluation.
     *
     * @param seconds time spent on training and testing, without pauses
     */
    MemoryEvaluated outcome(EvaluationReport report, Instant ended, double seconds) {
        TreeMap<Integer, Integer> imageCounts = new TreeMap<>();
        sample.entries().forEach(image -> imageCounts.merge(label(image), 1, Integer::sum));
        List<Double> byPosition = report.byClass().getFirst();
        List<MemoryEvaluated.ClassAccuracy> accuracies = imageCounts.entrySet().stream()
                .map(entry -> new MemoryEvaluated.ClassAccuracy(
                        memory.classes().indices().get(entry.getKey()),
                        memory.classes().names().get(entry.getKey()),
                        entry.getValue(),
                        byPosition.get(entry.getKey())))
                .toList();
        return new MemoryEvaluated(taken, ended, accuracies, leftOut, seconds);
    }
}
