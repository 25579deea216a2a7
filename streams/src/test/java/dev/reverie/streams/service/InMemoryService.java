package dev.reverie.streams.service;

import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A service that stores every accepted image in memory and does not learn. */
public final class InMemoryService implements MemoryService {

    private static final HeldOutAccuracy ACCURACY = new HeldOutAccuracy(
            0.75, 200, 2, 3, Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(1_030), Duration.ofSeconds(90));

    private final InMemoryClasses classes = new InMemoryClasses();
    private final Set<Long> items = new HashSet<>();
    private final List<ServiceEvent> events = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Sample> accepted = new ArrayList<>();
    private final Deque<CompletionStage<DeliveryOutcome>> nextReplies = new ArrayDeque<>();
    private Predicate<Sample> acceptable = _ -> true;
    private Optional<CompletionStage<DeliveryOutcome>> reply = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private Coding coding = Coding.LOSSLESS;
    private int factor = 1;
    private Optional<ClusterView> cluster = Optional.empty();
    private boolean unresponsive;
    private boolean loading;
    private Source<ByteString, NotUsed> backup = Source.single(ByteString.fromString("a backup"));
    private CompletionStage<Done> backupsBegin = CompletableFuture.completedStage(Done.getInstance());
    private final CompletableFuture<Void> backupClosed = new CompletableFuture<>();
    private int version;
    private int listings;

    /** Sets the reply to all further deliveries. */
    public synchronized void replyWith(CompletionStage<DeliveryOutcome> admission) {
        reply = Optional.of(admission);
    }

    /** Makes the service a node of a cluster. */
    public synchronized void joined(ClusterView view) {
        cluster = Optional.of(view);
    }

    @Override
    public synchronized Optional<ClusterView> cluster() {
        return cluster;
    }

    /** Queues a reply to one further delivery. */
    public synchronized void replyNextWith(CompletionStage<DeliveryOutcome> admission) {
        nextReplies.add(admission);
    }

    /** Makes the service refuse, for their shape, deliveries with any sample that does not match. */
    public synchronized void acceptOnly(Predicate<Sample> samples) {
        acceptable = samples;
    }

    /** Returns all deliveries in order, whatever the replies. */
    public synchronized List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Returns the accepted samples of all classes in order, also of those that were forgotten. */
    public synchronized List<Sample> accepted() {
        return List.copyOf(accepted);
    }

    /** Returns the accepted samples of a class. */
    public synchronized List<Sample> accepted(String label) {
        return classes.samples(label);
    }

    /** Makes the store fail with this detail. */
    public synchronized void breakStore(String detail) {
        problem = Optional.of(detail);
    }

    /** Leaves a class out of the memory, like a class that does not respond. */
    public synchronized void withholdImages(String label) {
        classes.withholdImages(label);
    }

    /** Codes the memory so. */
    public synchronized void codeBy(Coding other) {
        coding = other;
        version++;
    }

    /** Takes the samples for mosaics of this factor. */
    public synchronized void storeMosaics(int ofFactor) {
        factor = ofFactor;
        version++;
    }

    /** Makes the service report every class that is not sealed as converged. */
    public synchronized void converge() {
        classes.converge();
    }

    /** Makes the service stop replying to pings and status requests. */
    public synchronized void stopReplying() {
        unresponsive = true;
    }

    /** Makes the service report that it is still reading its store. */
    public synchronized void startLoading() {
        loading = true;
    }

    @Override
    public synchronized CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        deliveries.add(delivery);
        if (reply.isPresent()) {
            return reply.get();
        }
        if (!nextReplies.isEmpty()) {
            return nextReplies.remove();
        }
        if (!delivery.samples().stream().allMatch(acceptable)) {
            return done(
                    new DeliveryOutcome.Refused(DeliveryOutcome.Reason.SHAPE_MISMATCH, "a sample has another shape"));
        }
        delivery.files().forEach(file -> items.add(file.key()));
        List<Sample> added = delivery.samples().stream().filter(classes::add).toList();
        accepted.addAll(added);
        version++;
        return done(
                new DeliveryOutcome.Accepted(added.size(), delivery.samples().size() - added.size()));
    }

    @Override
    public synchronized Optional<ImageShape> imageShape() {
        return accepted.stream().findFirst().map(sample -> sample.image().shape());
    }

    @Override
    public synchronized CompletionStage<FileKeys> deliveredFiles() {
        return done(FileKeys.of(items.stream().mapToLong(Long::longValue).toArray()));
    }

    @Override
    public synchronized void removeDeliveredFiles(FileKeys keys) {
        for (long key : keys.toArray()) {
            items.remove(key);
        }
    }

    @Override
    public synchronized CompletionStage<List<ClassInfo>> classes() {
        listings++;
        return done(classes.statuses());
    }

    /** Returns how often the service was asked for all classes. */
    public synchronized int listings() {
        return listings;
    }

    @Override
    public synchronized CompletionStage<Optional<ClassInfo>> classNamed(String label) {
        return done(classes.status(label));
    }

    @Override
    public synchronized CompletionStage<Optional<MemoryView>> memory() {
        if (problem.isPresent()) {
            return CompletableFuture.failedStage(new UnavailableException(problem.get()));
        }
        return done(classes.isEmpty() ? Optional.empty() : Optional.of(view(classes.set(factor))));
    }

    private MemoryView view(StoredSet learned) {
        Map<Integer, CodedImages> pictures = InMemoryClasses.coded(learned, coding);
        StoredSet stored = new StoredSet(
                pictures.isEmpty()
                        ? learned.images()
                        : ImageBatch.join(pictures.values().stream()
                                .map(CodedImages::decoded)
                                .toList()),
                learned.labels(),
                learned.factor(),
                learned.normalisation(),
                learned.classes());
        return new MemoryView(
                "v" + version,
                stored.decoded(),
                learned.decoded(),
                index -> Optional.ofNullable(pictures.get(index)).orElseThrow(),
                Instant.EPOCH);
    }

    @Override
    public synchronized OptionalLong codedBytes(int classIndex) {
        return classes.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        view(classes.set(factor)).coded().apply(classIndex).bytes().length);
    }

    @Override
    public synchronized CompletionStage<Optional<ClassInfo>> seal(String label, SealChange change) {
        classes.seal(label, change);
        return classNamed(label);
    }

    @Override
    public synchronized CompletionStage<SortedMap<Integer, String>> displayNames() {
        return done(classes.displayNames());
    }

    @Override
    public synchronized CompletionStage<Optional<ClassInfo>> rename(String label, Optional<String> displayName) {
        classes.rename(label, displayName);
        return classNamed(label);
    }

    @Override
    public synchronized CompletionStage<Optional<ClassCommand.Withdrawal>> withdraw(String label, String id) {
        version++;
        return done(classes.withdraw(label, id));
    }

    @Override
    public synchronized CompletionStage<Optional<DeliveryOutcome>> moveImages(String label, String into) {
        version++;
        return done(classes.moveImages(label, into));
    }

    @Override
    public synchronized CompletionStage<Boolean> forget(String label) {
        version++;
        return done(classes.forget(label));
    }

    /** Sets the content of all backups. */
    public synchronized void backupWith(Source<ByteString, NotUsed> content) {
        backup = content;
    }

    /** Makes all backups begin only when this stage completes. */
    public synchronized void delayBackups(CompletionStage<Done> until) {
        backupsBegin = until;
    }

    /** Completes when a backup is closed. */
    public CompletableFuture<Void> backupClosed() {
        return backupClosed;
    }

    @Override
    public synchronized CompletionStage<ServiceBackup> backup() {
        Source<ByteString, NotUsed> content = backup;
        ServiceBackup begun = new ServiceBackup() {
            @Override
            public Source<ByteString, NotUsed> content() {
                return content;
            }

            @Override
            public void close() {
                backupClosed.complete(null);
            }
        };
        return backupsBegin.thenApply(_ -> begun);
    }

    @Override
    public synchronized CompletionStage<Done> ping() {
        return unresponsive ? new CompletableFuture<>() : done(Done.getInstance());
    }

    @Override
    public synchronized CompletionStage<ServiceStatus> status() {
        if (unresponsive) {
            return new CompletableFuture<>();
        }
        if (loading) {
            return CompletableFuture.failedStage(new UnavailableException("the service is still reading its store"));
        }
        return done(new ServiceStatus(
                classes.sampleCount(),
                classes.count(),
                7,
                2,
                Duration.ofMillis(1500),
                "idle",
                Optional.of(ACCURACY),
                Optional.empty()));
    }

    @Override
    public synchronized CompletionStage<Readiness> readiness() {
        return done(new Readiness(List.of(
                new Readiness.Check("store", problem.isEmpty(), problem.orElse("writes")),
                new Readiness.Check("worker", true, "idle"))));
    }

    public synchronized void publish(ServiceEvent event) {
        events.add(event);
    }

    @Override
    public synchronized Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        List<ServiceEvent> missed = events.stream()
                .filter(event -> event.number() > after.orElse(-1L))
                .toList();
        return Source.from(missed).concat(Source.<ServiceEvent>maybe());
    }

    private static <T> CompletionStage<T> done(T result) {
        return CompletableFuture.completedStage(result);
    }
}
