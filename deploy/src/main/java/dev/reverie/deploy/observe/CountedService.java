package dev.reverie.deploy.observe;

import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.monitoring.IngestMetrics;
import dev.reverie.monitoring.LastArrivals;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceBackup;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Counts and times the deliveries that a service accepts. The ingest sources count refusals themselves, because a
 * source can refuse a delivery before it reaches the service.
 */
record CountedService(MemoryService service, IngestMetrics ingest, LastArrivals arrivals, InstantSource clock)
        implements MemoryService {

    @Override
    public CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        IngestSource source = delivery.source();
        long bytes = delivery.bytes();
        ElapsedTime elapsed = ElapsedTime.fromNow(clock);
        ingest.handed(source, bytes);
        return CompletableFuture.completedStage(delivery)
                .thenCompose(service::admit)
                .whenComplete((admission, failure) -> {
                    ingest.answered(source, bytes);
                    if (admission instanceof DeliveryOutcome.Accepted accepted) {
                        ingest.acknowledged(source, elapsed.get());
                        ingest.accepted(source, accepted.accepted());
                        ingest.duplicates(source, accepted.duplicates());
                        arrivals.arrived(
                                delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
                    }
                });
    }

    @Override
    public CompletionStage<ItemKeys> items() {
        return service.items();
    }

    @Override
    public void removeItems(ItemKeys keys) {
        service.removeItems(keys);
    }

    @Override
    public CompletionStage<List<ClassStatus>> classes() {
        return service.classes();
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> classNamed(String label) {
        return service.classNamed(label);
    }

    @Override
    public CompletionStage<Optional<MemoryView>> memory() {
        return service.memory();
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> seal(String label) {
        return service.seal(label);
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> sealWhenConverged(String label) {
        return service.sealWhenConverged(label);
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> cancelSeal(String label) {
        return service.cancelSeal(label);
    }

    @Override
    public CompletionStage<Boolean> forget(String label) {
        return service.forget(label);
    }

    @Override
    public CompletionStage<ServiceBackup> backup() {
        return service.backup();
    }

    @Override
    public CompletionStage<Done> ping() {
        return service.ping();
    }

    @Override
    public CompletionStage<ServiceStatus> status() {
        return service.status();
    }

    @Override
    public Optional<ClusterView> cluster() {
        return service.cluster();
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return service.readiness();
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return service.events(after);
    }
}
