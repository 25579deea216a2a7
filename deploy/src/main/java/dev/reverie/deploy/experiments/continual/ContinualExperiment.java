package dev.reverie.deploy.experiments.continual;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.replay.SampleNames;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.deploy.run.SoftwareVersions;
import dev.reverie.deploy.run.StoppedException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets classes come in steps, each contender remember them, and networks learn from the memories alone.
 *
 * <p>The memories of a contender are all made before the first of them is judged, so that no network is trained beside
 * a service that learns.
 *
 * @param services where learned memories come from
 * @param folder created; its files grow with every contender that is judged
 * @param patience ends the experiment, which keeps what is judged by then
 */
public record ContinualExperiment(
        ContinualPlan plan,
        Dataset dataset,
        EngineFactory engines,
        ServiceUnderTest.Factory services,
        ContinualFolder folder,
        ProgressViews progress,
        Cancellation patience) {

    /**
     * Runs the experiment and writes its files.
     *
     * @throws IOException if a service or a file fails; what was written before stays
     */
    public ContinualResult run() throws IOException {
        Instant start = progress.clock().instant();
        Dataset named = named();
        List<SeedResult> courses = new ArrayList<>();
        try {
            for (long seed : plan.seeds()) {
                for (MemoryMethod contender : plan.contenders()) {
                    courses.add(course(named, contender, seed));
                    folder.write(result(courses, start));
                }
            }
        } catch (StoppedException _) {
            // what is judged by then is the result
        }
        return result(courses, start);
    }

    private SeedResult course(Dataset named, MemoryMethod contender, long seed) throws IOException {
        List<DistilledSet> memories = contender.isLearned()
                ? new ServiceMemoryBuilder(plan, named, services, folder.path(), progress, patience).of(contender, seed)
                : new CoresetMemoryBuilder(plan, named, engines, progress, patience).of(contender, seed);
        NpzFile.write(memories.getLast(), folder.memory(contender, seed));
        return new MemoryEvaluator(plan, named, progress, patience).judge(contender, seed, memories);
    }

    /** The classes are called as the service calls them, in every memory. */
    private Dataset named() {
        return new Dataset(
                dataset.name(),
                dataset.shape(),
                SampleNames.of(dataset).labels(),
                dataset.normalisation(),
                dataset.train(),
                dataset.test());
    }

    private ContinualResult result(List<SeedResult> courses, Instant start) {
        List<ContinualResult.Order> orders = plan.seeds().stream()
                .map(seed -> new ContinualResult.Order(
                        seed,
                        plan.classesByStep(seed).stream()
                                .map(step -> step.stream()
                                        .map(dataset.classNames()::get)
                                        .toList())
                                .toList()))
                .toList();
        return new ContinualResult(
                courses.size() == plan.seeds().size() * plan.contenders().size(),
                dataset.name(),
                plan.protocol(),
                orders.getFirst().classes(),
                orders,
                ContinualResult.Settings.of(plan),
                MethodSummary.of(courses),
                List.copyOf(courses),
                Duration.between(start, progress.clock().instant()).toMillis() / 1e3,
                SoftwareVersions.current(),
                MachineInfo.current());
    }
}
