package dev.reverie.deploy.client;

import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.HeldOutAccuracy;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceBackup;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import dev.reverie.streams.service.UnavailableException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A service that stores every image, except those with the id of another, and reports every class as converged. */
final class RememberingService implements MemoryService {

    /** The held-out accuracy that the service reports. */
    static final HeldOutAccuracy ACCURACY =
            new HeldOutAccuracy(0.75, 200, 2, 3, Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(1_030));

    private final Map<String, List<Sample>> classes = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> sealed = new HashSet<>();
    private final Deque<DeliveryOutcome> next = new ArrayDeque<>();
    private final List<Sample> arrived = new ArrayList<>();
    private Optional<ByteString> backup = Optional.empty();
    private Optional<ClusterView> cluster = Optional.empty();

    synchronized void joined(ClusterView view) {
        cluster = Optional.of(view);
    }

    @Override
    public synchronized Optional<ClusterView> cluster() {
        return cluster;
    }

    synchronized void answerNext(DeliveryOutcome admission) {
        next.add(admission);
    }

    synchronized List<Sample> arrived() {
        return List.copyOf(arrived);
    }

    @Override
    public synchronized CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        if (!next.isEmpty()) {
            return done(next.remove());
        }
        List<Sample> fresh = delivery.samples().stream()
                .filter(sample -> sample.id().map(ids::add).orElse(true))
                .toList();
        arrived.addAll(fresh);
        fresh.forEach(sample ->
                classes.computeIfAbsent(sample.label(), _ -> new ArrayList<>()).add(sample));
        return done(
                new DeliveryOutcome.Accepted(fresh.size(), delivery.samples().size() - fresh.size()));
    }

    @Override
    public CompletionStage<ItemKeys> items() {
        return CompletableFuture.completedStage(ItemKeys.NONE);
    }

    @Override
    public void removeItems(ItemKeys keys) {}

    @Override
    public synchronized CompletionStage<List<ClassStatus>> classes() {
        return done(classes.keySet().stream().map(this::status).toList());
    }

    @Override
    public synchronized CompletionStage<Optional<ClassStatus>> classNamed(String label) {
        return done(classes.containsKey(label) ? Optional.of(status(label)) : Optional.empty());
    }

    private ClassStatus status(String label) {
        int seen = classes.getOrDefault(label, List.of()).size();
        return new ClassStatus(
                label,
                List.copyOf(classes.keySet()).indexOf(label),
                sealed.contains(label) ? ClassPhase.SEALED : ClassPhase.CONVERGED,
                seen,
                seen,
                seen,
                7,
                OptionalDouble.of(0.5),
                Instant.EPOCH,
                false,
                false);
    }

    @Override
    public synchronized CompletionStage<Optional<MemoryView>> memory() {
        return done(
                classes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new MemoryView("v" + arrived.size(), set(), set(), Instant.EPOCH)));
    }

    private DistilledSet set() {
        ImageShape shape = arrived.getFirst().image().shape();
        List<String> names = List.copyOf(classes.keySet());
        List<Integer> labels = new ArrayList<>();
        FloatBuffer values = FloatBuffer.allocate(arrived.size() * shape.size());
        for (Sample sample : arrived) {
            labels.add(names.indexOf(sample.label()));
            for (double value : sample.image().values()) {
                values.put((float) value);
            }
        }
        ImageBatch images = ImageBatch.of(shape, values.array());
        Normalisation normalisation = new Normalisation(List.of(0.3), List.of(0.3));
        return new DistilledSet(images, labels, images, labels, 1, normalisation, names);
    }

    @Override
    public synchronized CompletionStage<Optional<ClassStatus>> seal(String label) {
        sealed.add(label);
        return classNamed(label);
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> sealWhenConverged(String label) {
        return seal(label);
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> cancelSeal(String label) {
        return classNamed(label);
    }

    @Override
    public synchronized CompletionStage<Boolean> forget(String label) {
        return done(classes.remove(label) != null);
    }

    synchronized void backupWith(byte[] content) {
        backup = Optional.of(ByteString.fromArray(content));
    }

    @Override
    public synchronized CompletionStage<ServiceBackup> backup() {
        return backup.map(content -> done(backupOf(content)))
                .orElseGet(() -> CompletableFuture.failedStage(new UnavailableException("another backup is running")));
    }

    private static ServiceBackup backupOf(ByteString content) {
        return new ServiceBackup() {
            @Override
            public Source<ByteString, NotUsed> content() {
                return Source.single(content);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public CompletionStage<Done> ping() {
        return done(Done.getInstance());
    }

    @Override
    public synchronized CompletionStage<ServiceStatus> status() {
        return done(new ServiceStatus(
                arrived.size(), classes.size(), 7, 2, Duration.ofMillis(1500), "idle", Optional.of(ACCURACY)));
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return done(new Readiness(List.of(new Readiness.Check("store", true, "writes"))));
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return Source.empty();
    }

    private static <T> CompletionStage<T> done(T result) {
        return CompletableFuture.completedStage(result);
    }
}
