package dev.reverie.lab.continual;

import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Builds the memories of experience replay: a uniform sample of all images so far. The sample of the first step already
 * has as many images as other memories have after the last step.
 */
record ReservoirMemoryBuilder(ContinualPlan plan) {

    List<DistilledSet> build(long seed) {
        Dataset dataset = plan.dataset();
        Reservoir reservoir = Reservoir.empty(seed, images());
        List<Integer> seen = new ArrayList<>();
        List<LabelledImage> stream = new ArrayList<>();
        List<DistilledSet> memories = new ArrayList<>();
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
            memories.add(DistilledSet.of(
                    reservoir.entries().stream()
                            .map(kept -> stream.get((int) kept.ordinal()))
                            .toList(),
                    dataset.normalisation(),
                    seen.stream().map(dataset.classNames()::get).toList()));
        }
        return memories;
    }

    private int images() {
        return plan.budget()
                .totalImages()
                .orElseGet(() -> plan.ipc() * plan.dataset().classes());
    }
}
