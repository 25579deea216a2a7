package dev.reverie.lab.continual;

import dev.reverie.actors.registry.Labels;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.lab.continual.ContinualResult.MethodSummary;
import dev.reverie.lab.continual.ContinualResult.SeedResult;
import dev.reverie.lab.report.ResultFolder;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs a class-incremental experiment: classes arrive in steps, each method keeps a memory of them, and networks are
 * trained on the memories, or with them.
 *
 * <p>All memories of a method are built before the first one is evaluated, so that no evaluation competes with a
 * service for the processor.
 *
 * @param folder an existing folder; its result files are rewritten each time a method has been evaluated with a seed
 * @param cancellation stops the experiment; the results so far are kept
 */
record ContinualExperiment(
        ContinualPlan plan,
        EngineFactory engines,
        TemporaryService.Factory services,
        ResultFolder folder,
        ProgressViews progress,
        Cancellation cancellation) {

    /**
     * Runs the experiment and writes its files.
     *
     * @throws IOException if a service fails or a file cannot be written; files that were already written are kept
     */
    ContinualResult run() throws IOException {
        Instant start = progress.clock().instant();
        ContinualPlan named = plan.with(labelled(plan.dataset()));
        List<SeedResult> results = new ArrayList<>();
        try {
            for (long seed : plan.seeds()) {
                for (MemoryMethod method : plan.methods()) {
                    for (int quality : plan.qualities(method)) {
                        results.add(resultOf(named.with(plan.size().at(quality)), method, seed));
                        ContinualReport.write(result(results, start), folder);
                    }
                }
            }
        } catch (StoppedException _) {
            // the result contains the evaluations so far
        }
        return result(results, start);
    }

    private SeedResult resultOf(ContinualPlan named, MemoryMethod method, long seed) throws IOException {
        int quality = named.size().coding().quality();
        List<StoredMemory> memories = memories(named, method, seed);
        String variant = plan.qualities(method).size() > 1 ? "-q" + quality : "";
        NpzFile.write(
                memories.getLast().set(), folder.file("memory-" + method.label() + variant + "-" + seed + ".npz"));
        return new MemoryEvaluator(named, progress, cancellation).evaluate(method, quality, seed, memories);
    }

    private List<StoredMemory> memories(ContinualPlan named, MemoryMethod method, long seed) throws IOException {
        return switch (method) {
            case DREAM, DREAM_PLUS, IDC, DANCE, DM -> learned(named, method, seed);
            case RESERVOIR, JPEG, JPEG_HERDING, HERDING, K_CENTER, K_MEANS, TILE ->
                new CoresetMemoryBuilder(named, engines, progress, cancellation).build(method, seed);
            case ER_RESERVOIR -> new ReservoirMemoryBuilder(named).build(seed);
            case DM_AND_RESERVOIR -> {
                ContinualPlan half = named.with(named.size().half());
                List<StoredMemory> learned = learned(half, method, seed);
                List<StoredMemory> real = memories(half, MemoryMethod.RESERVOIR, seed);
                yield IntStream.range(0, learned.size())
                        .mapToObj(step -> StoredMemory.join(learned.get(step), real.get(step)))
                        .toList();
            }
        };
    }

    private List<StoredMemory> learned(ContinualPlan named, MemoryMethod method, long seed) throws IOException {
        return new ServiceMemoryBuilder(named, services, folder.path(), progress, cancellation).build(method, seed);
    }

    /**
     * Returns the dataset with its class names in the normal form that a service gives them, so that class names match
     * in all memories.
     */
    private static Dataset labelled(Dataset dataset) {
        return new Dataset(
                dataset.name(),
                dataset.shape(),
                dataset.classNames().stream().map(Labels::normal).toList(),
                dataset.normalisation(),
                dataset.train(),
                dataset.test());
    }

    private ContinualResult result(List<SeedResult> results, Instant start) {
        List<ContinualResult.Order> orders = plan.seeds().stream()
                .map(seed -> new ContinualResult.Order(
                        seed,
                        plan.classesByStep(seed).stream()
                                .map(step -> step.stream()
                                        .map(plan.dataset().classNames()::get)
                                        .toList())
                                .toList()))
                .toList();
        int memoriesPerSeed = plan.methods().stream()
                .mapToInt(method -> plan.qualities(method).size())
                .sum();
        return new ContinualResult(
                results.size() == plan.seeds().size() * memoriesPerSeed,
                plan.dataset().name(),
                plan.protocol(),
                orders.getFirst().classes(),
                orders,
                ContinualResult.Settings.of(plan),
                MethodSummary.of(results),
                List.copyOf(results),
                Duration.between(start, progress.clock().instant()).toMillis() / 1e3,
                SoftwareVersions.current(),
                MachineInfo.current());
    }
}
