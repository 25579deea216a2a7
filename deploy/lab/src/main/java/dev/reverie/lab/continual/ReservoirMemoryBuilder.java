package dev.reverie.lab.continual;

import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.lab.continual.RealMemory.RealClass;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Builds the memories of experience replay: a uniform sample of all images so far. The sample of the first step already
 * has as many images as other memories have after the last step.
 */
record ReservoirMemoryBuilder(ContinualPlan plan) {

    List<StoredMemory> build(long seed) {
        int classes = plan.dataset().classes();
        int most = plan.dataset().train().size();
        return build(
                seed,
                plan.size().isInBytes()
                        ? plan.size().filling(classes, most, images -> build(seed, images)
                                .getLast()
                                .bytes())
                        : plan.size().totalImages().orElseGet(() -> plan.size().images() * classes));
    }

    private List<StoredMemory> build(long seed, int images) {
        Dataset dataset = plan.dataset();
        Reservoir reservoir = Reservoir.empty(seed, images);
        List<Integer> seen = new ArrayList<>();
        List<LabelledImage> stream = new ArrayList<>();
        List<StoredMemory> memories = new ArrayList<>();
        for (List<Integer> classes : plan.classesByStep(seed)) {
            int first = stream.size();
            seen.addAll(classes);
            dataset.train().stream()
                    .filter(sample -> classes.contains(sample.label()))
                    .map(sample -> new LabelledImage(sample.image(), seen.indexOf(sample.label())))
                    .forEach(stream::add);
            List<ReservoirImage> offered = IntStream.range(first, stream.size())
                    .mapToObj(
                            place -> new ReservoirImage(place, stream.get(place).image(), ReservoirImage.UNKNOWN))
                    .toList();
            reservoir = reservoir.with(reservoir.choose(offered));
            List<LabelledImage> kept = reservoir.entries().stream()
                    .map(entry -> stream.get((int) entry.ordinal()))
                    .toList();
            memories.add(coded(kept, seen));
        }
        return memories;
    }

    /** The classes have no limit of bytes, because chance decides how many images each has. */
    private StoredMemory coded(List<LabelledImage> kept, List<Integer> seen) {
        Dataset dataset = plan.dataset();
        DistilledSet set = DistilledSet.of(
                kept,
                dataset.normalisation(),
                seen.stream().map(dataset.classNames()::get).toList());
        Coding coding = plan.size().coding();
        return new RealMemory(RealClass.of(set), 1, dataset.normalisation())
                .coded(new Coding(coding.format(), coding.quality(), OptionalLong.empty()), false);
    }
}
