package dev.reverie.lab.continual;

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
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.lab.report.ResultFolder;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
        Dataset dataset,
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
        Dataset named = named();
        List<SeedResult> results = new ArrayList<>();
        try {
            for (long seed : plan.seeds()) {
                for (MemoryMethod method : plan.methods()) {
                    results.add(resultOf(named, method, seed));
                    ContinualReport.write(result(results, start), folder);
                }
            }
        } catch (StoppedException _) {
            // the result contains the evaluations so far
        }
        return result(results, start);
    }

    private SeedResult resultOf(Dataset named, MemoryMethod method, long seed) throws IOException {
        List<DistilledSet> memories = memories(plan, named, method, seed).stream()
                .map(memory -> StoredSet.quantised(plan.budget().bits(), memory))
                .toList();
        NpzFile.write(memories.getLast(), folder.file("memory-" + method.label() + "-" + seed + ".npz"));
        return new MemoryEvaluator(plan, named, progress, cancellation).evaluate(method, seed, memories);
    }

    /**
     * Returns the memory after each step.
     *
     * @param budgetedPlan the plan with the budget of the method, which can be a part of the whole budget
     */
    private List<DistilledSet> memories(ContinualPlan budgetedPlan, Dataset named, MemoryMethod method, long seed)
            throws IOException {
        return switch (method) {
            case DREAM, DREAM_PLUS, IDC, DANCE, DM -> learned(budgetedPlan, named, method, seed);
            case RESERVOIR, HERDING, K_CENTER, K_MEANS, TILE ->
                new CoresetMemoryBuilder(budgetedPlan, named, engines, progress, cancellation).build(method, seed);
            case ER_RESERVOIR -> new ReservoirMemoryBuilder(budgetedPlan, named).build(seed);
            case DM_AND_RESERVOIR ->
                MixedMemory.of(
                        learned(budgetedPlan.with(MixedMemory.learned(budgetedPlan.budget())), named, method, seed),
                        memories(budgetedPlan, named, MemoryMethod.RESERVOIR, seed),
                        budgetedPlan.budget());
        };
    }

    private List<DistilledSet> learned(ContinualPlan budgetedPlan, Dataset named, MemoryMethod method, long seed)
            throws IOException {
        return new ServiceMemoryBuilder(budgetedPlan, named, services, folder.path(), progress, cancellation)
                .build(method, seed);
    }

    /** Returns the dataset with the class names that the service uses, so that class names match in all memories. */
    private Dataset named() {
        return new Dataset(
                dataset.name(),
                dataset.shape(),
                SampleNames.labels(dataset),
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
                                        .map(dataset.classNames()::get)
                                        .toList())
                                .toList()))
                .toList();
        return new ContinualResult(
                results.size() == plan.seeds().size() * plan.methods().size(),
                dataset.name(),
                plan.protocol(),
                orders.getFirst().classes(),
                orders,
                ContinualResult.Settings.of(plan, dataset.shape()),
                MethodSummary.of(results),
                List.copyOf(results),
                Duration.between(start, progress.clock().instant()).toMillis() / 1e3,
                SoftwareVersions.current(),
                MachineInfo.current());
    }
}
