package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Runs distillations with the real engine, and interrupts them. */
abstract class AbstractEngineDistillationTest {

    /** Trainings before the interruption, which is in the second outer iteration with or without a warm-up. */
    int trainingsBeforeTheStop = 5;

    Dataset dataset = RunSettings.dataset(12, 9, 10);
    final AtomicInteger trainings = new AtomicInteger();
    final Path folder;
    DistillationSettings settings;
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();

    AbstractEngineDistillationTest(DistillationSettings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    DistillationEngine engine() {
        return MatchingEngine.open(settings, dataset.shape(), dataset.normalisation());
    }

    DistillationEngine counting() {
        return WatchedEngine.beforeTraining(engine(), trainings::incrementAndGet);
    }

    DistillationEngine stoppingInTheSecondIteration() {
        return WatchedEngine.beforeTraining(engine(), () -> {
            if (trainings.incrementAndGet() == trainingsBeforeTheStop) {
                running.join().stop();
            }
        });
    }

    void run(String name, boolean resume) {
        DistillationResult result =
                RunSettings.await(start(request(name, resume), this::engine).result());
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
    }

    Distillation start(String name, Supplier<DistillationEngine> engines) {
        Distillation distillation = start(request(name, false), engines);
        running.complete(distillation);
        return distillation;
    }

    /**
     * Checks that a run which stops in the second outer iteration, and is resumed, gives the same bits as a whole one.
     *
     * @return the result of the stopped run
     */
    DistillationResult assertResumesExactly() throws IOException {
        run("whole", false);

        DistillationResult stopped = RunSettings.await(
                start("interrupted", this::stoppingInTheSecondIteration).result());
        run("interrupted", true);

        assertThat(stopped.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(stopped.next().outer()).isOne();
        assertThat(checkpoint("interrupted")).isEqualTo(checkpoint("whole"));
        return stopped;
    }

    /** Runs a distillation on three workers, of which the first waits until another one matches, too. */
    void runOnSeveralWorkers(String name) {
        Set<Thread> matching = ConcurrentHashMap.newKeySet();
        CountDownLatch several = new CountDownLatch(2);
        Runnable waiting = () -> {
            if (matching.add(Thread.currentThread())) {
                several.countDown();
                awaitOthers(several);
            }
        };
        runOn(name, Collections.nCopies(3, () -> WatchedEngine.beforeMatching(engine(), waiting)));
        assertThat(matching).hasSizeGreaterThan(1);
    }

    private static void awaitOthers(CountDownLatch several) {
        try {
            several.await(10, TimeUnit.SECONDS); // without others, the run ends, and the check of the threads fails
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void runOn(String name, List<Supplier<DistillationEngine>> workers) {
        DistillationResult result =
                RunSettings.await(Distillation.start(request(name, false), workers, List.of(), InstantSource.system())
                        .result());
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
    }

    private static Distillation start(DistillationRequest request, Supplier<DistillationEngine> engines) {
        return Distillation.start(request, engines, List.of(), InstantSource.system());
    }

    DistillationRequest request(String name, boolean resume) {
        return DistillationRequest.of(dataset, settings)
                .withCheckpoint(Optional.of(folder.resolve(name)))
                .withResume(resume)
                .withExperts(Optional.of(folder.resolve(name + "-experts")));
    }

    byte[] checkpoint(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }
}
