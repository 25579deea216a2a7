package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a service on a store in a file and a fake engine. */
abstract class ServiceFixture {

    static final Duration GRACE = Duration.ofSeconds(20);
    static final int IPC = 2;
    static final ServicePolicy POLICY = new ServicePolicy(
            4,
            1000,
            0.01,
            1.5,
            2,
            new RefreshInterval(Optional.of(2), Duration.ofSeconds(30), 0.5, Optional.empty()),
            Duration.ofMillis(20));

    final RunFixture fixture = new RunFixture();

    Method method = Method.DREAM;
    int pool = 1;
    ServicePolicy policy = POLICY;
    MemoryBudget budget = MemoryBudget.perClass(IPC);
    IntakeLimits limits = IntakeLimits.DEFAULT;
    Optional<EvaluationPolicy> evaluation = Optional.empty();
    /** Added to the clock of the machine. */
    volatile Duration clockOffset = Duration.ZERO;
    /** Added to the clock for durations. */
    volatile Duration nanosOffset = Duration.ZERO;

    final BlockingQueue<TelemetryEvent.WaitingForSecondClass> waits = new LinkedBlockingQueue<>();
    Path folder;
    ActorMemoryService service;

    @BeforeEach
    void start(@TempDir Path fresh) {
        folder = fresh;
        service = started();
    }

    ActorMemoryService started() {
        ActorMemoryService started = starting();
        await(started.storeRead());
        return started;
    }

    /** Starts the service; its store may not have been read yet. */
    ActorMemoryService starting() {
        return ActorMemoryService.start(new ServiceRequest(
                Store.inFolder(folder),
                shape -> settings(),
                policy,
                budget,
                limits,
                Optional.empty(),
                OptionalInt.empty(),
                evaluation,
                (settings, shape, normalisation) -> fixture.get(),
                () -> Instant.now().plus(clockOffset),
                () -> System.nanoTime() + nanosOffset.toNanos(),
                List.of(this::onTelemetry),
                IngestListener.NONE,
                Optional.empty()));
    }

    private DistillationSettings settings() {
        DistillationSettings settings = RunSettings.settings(method);
        return settings.withNetwork(settings.network().withPool(pool));
    }

    private void onTelemetry(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.WaitingForSecondClass waiting) {
            waits.add(waiting);
        }
    }

    @AfterEach
    void stop() {
        assertThat(await(service.stop(GRACE))).isTrue();
    }

    void twoClassesLearn() {
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        awaitMatched("cat", "dog");
    }

    void deliver(String label, int count, long seed) {
        assertThat(admit(label, count, seed)).isEqualTo(new DeliveryOutcome.Accepted(count, 0));
    }

    DeliveryOutcome admit(String label, int count, long seed) {
        return admit(label, RunSettings.images(count, seed));
    }

    DeliveryOutcome admit(String label, List<Image> images) {
        return await(service.admit(new Delivery(
                IngestSource.HTTP,
                images.stream()
                        .map(image -> new Sample(label, Optional.empty(), image))
                        .toList())));
    }

    ClassInfo status(String label) {
        return await(service.classNamed(label)).orElseThrow();
    }

    /** Waits until each class was matched at least once. */
    void awaitMatched(String... labels) {
        for (String label : labels) {
            while (status(label).innerLoops() == 0) {
                await(event(event -> event.kind() == Kind.PROGRESS || event.kind() == Kind.CLASS));
            }
        }
    }

    void awaitLoops(int count) {
        await(service.events(Optional.empty())
                .filter(event -> event.kind() == Kind.PROGRESS)
                .take(count)
                .runWith(Sink.ignore(), service.system()));
    }

    CompletionStage<ServiceEvent> event(Predicate<ServiceEvent> wanted) {
        return service.events(Optional.empty()).filter(wanted::test).runWith(Sink.head(), service.system());
    }
}
