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
 * A memory, and a uniform sample of the images of its classes that came after it was taken, and so have had no part in
 * it. Not thread safe.
 */
final class HeldOutImages {

    private final DistilledSet memory;
    private final Instant taken;
    private final Map<String, Integer> classes = new HashMap<>();
    private final Map<Long, Integer> labels = new HashMap<>();
    private Reservoir sample;
    private long arrived;
    private long leftOut;

    /**
     * A memory, and nothing to test it on yet.
     *
     * @param taken when the memory was as it is, or later
     * @param most images to keep
     */
    HeldOutImages(DistilledSet memory, Instant taken, int most) {
        this.memory = memory;
        this.taken = taken;
        this.sample = Reservoir.empty(taken.toEpochMilli(), most);
        memory.parameterLabels().stream()
                .distinct()
                .forEach(label -> classes.put(memory.classNames().get(label), label));
    }

    /**
     * Takes note of new images that were accepted.
     *
     * @param came when they came to the door: one that was accepted after the memory was taken may have come before,
     *     and be in it
     */
    void add(Instant came, List<Sample> samples) {
        if (!came.isAfter(taken)) {
            return;
        }
        List<LabelledImage> known = new ArrayList<>();
        for (Sample each : samples) {
            Optional.ofNullable(classes.get(each.label()))
                    .ifPresentOrElse(label -> known.add(new LabelledImage(each.image(), label)), () -> leftOut++);
        }
        List<ReservoirImage> chosen =
                sample.choose(arrived, known.stream().map(LabelledImage::image).toList());
        chosen.forEach(kept -> labels.put(
                kept.ordinal(),
                known.get(Math.toIntExact(kept.ordinal() - arrived)).label()));
        sample = sample.with(chosen);
        arrived += known.size();
    }

    DistilledSet memory() {
        return memory;
    }

    Instant taken() {
        return taken;
    }

    /** Images to test it on. */
    int size() {
        return sample.size();
    }

    /** Whether nothing came, or images of classes that the memory lacks: then a newer one is better tested. */
    boolean isOutdated() {
        return arrived == 0 || leftOut > 0;
    }

    List<LabelledImage> test() {
        return sample.entries().stream()
                .map(kept -> new LabelledImage(kept.image(), label(kept)))
                .toList();
    }

    private int label(ReservoirImage kept) {
        return Optional.ofNullable(labels.get(kept.ordinal())).orElseThrow();
    }

    /**
     * What came of the test.
     *
     * @param seconds that the learner worked
     */
    MemoryEvaluated outcome(EvaluationReport report, Instant ended, double seconds) {
        TreeMap<Integer, Integer> images = new TreeMap<>();
        sample.entries().forEach(kept -> images.merge(label(kept), 1, Integer::sum));
        List<Double> byLabel = report.byClass().getFirst();
        List<MemoryEvaluated.OfClass> ofClasses = images.entrySet().stream()
                .map(entry -> new MemoryEvaluated.OfClass(
                        entry.getKey(),
                        memory.classNames().get(entry.getKey()),
                        entry.getValue(),
                        byLabel.get(entry.getKey())))
                .toList();
        return new MemoryEvaluated(taken, ended, ofClasses, leftOut, seconds);
    }
}
