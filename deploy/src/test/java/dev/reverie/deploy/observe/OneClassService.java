package dev.reverie.deploy.observe;

import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.MemoryService.SealChange;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import dev.reverie.streams.service.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A service with one class of ten images. By default it answers every delivery with three accepted samples and one
 * duplicate.
 */
final class OneClassService implements MemoryService {

    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<RuntimeException> failure = Optional.empty();
    private volatile Optional<CompletionStage<List<ClassInfo>>> held = Optional.empty();
    private volatile Optional<ClusterView> cluster = Optional.empty();
    private volatile CompletionStage<DeliveryOutcome> admission =
            CompletableFuture.completedStage(new DeliveryOutcome.Accepted(3, 1));

    /** Makes the service a node of a cluster. */
    OneClassService joined(ClusterView view) {
        cluster = Optional.of(view);
        return this;
    }

    @Override
    public Optional<ClusterView> cluster() {
        return cluster;
    }

    /** Number of requests for all classes. */
    int asked() {
        return asked.get();
    }

    /** Delays the answer to further requests for the classes until the returned future is completed. */
    CompletableFuture<List<ClassInfo>> holdClasses() {
        CompletableFuture<List<ClassInfo>> answer = new CompletableFuture<>();
        held = Optional.of(answer);
        return answer;
    }

    /** Makes further requests for the classes fail. */
    void fail(RuntimeException reason) {
        failure = Optional.of(reason);
    }

    /** Delays the answer to further deliveries until the returned future is completed. */
    CompletableFuture<DeliveryOutcome> holdDeliveries() {
        CompletableFuture<DeliveryOutcome> answer = new CompletableFuture<>();
        admission = answer;
        return answer;
    }

    @Override
    public CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        return admission;
    }

    @Override
    public CompletionStage<FileKeys> deliveredFiles() {
        return CompletableFuture.completedStage(FileKeys.NONE);
    }

    @Override
    public void removeDeliveredFiles(FileKeys keys) {}

    @Override
    public CompletionStage<List<ClassInfo>> classes() {
        asked.incrementAndGet();
        return failure.<CompletionStage<List<ClassInfo>>>map(CompletableFuture::failedStage)
                .or(() -> held)
                .orElseGet(() -> CompletableFuture.completedStage(List.of(new ClassInfo(
                        "cat",
                        0,
                        ClassPhase.DISTILLING,
                        700,
                        500,
                        10,
                        7,
                        OptionalDouble.of(1.5),
                        Instant.EPOCH,
                        false,
                        false,
                        500,
                        new ClassInfo.Version(1, 2, 3)))));
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> classNamed(String label) {
        return classes().thenApply(classes -> classes.stream()
                .filter(status -> status.label().equals(label))
                .findFirst());
    }

    @Override
    public CompletionStage<Optional<MemoryView>> memory() {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> seal(String label, SealChange change) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Boolean> forget(String label) {
        return CompletableFuture.completedStage(false);
    }

    @Override
    public CompletionStage<ServiceBackup> backup() {
        return CompletableFuture.failedStage(new UnavailableException("this service has no store"));
    }

    @Override
    public CompletionStage<Done> ping() {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<ServiceStatus> status() {
        return CompletableFuture.completedStage(
                new ServiceStatus(700, 1, 7, 0, Duration.ZERO, "idle", Optional.empty()));
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return CompletableFuture.completedStage(new Readiness(List.of()));
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return Source.empty();
    }
}
