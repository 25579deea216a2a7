package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.intake.KnownClass;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.DeadZone;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Caches the memory for one second. Drops the memory earlier if it is invalidated, lacks a class for which images were
 * accepted, or has a class that other answers no longer show. Has no damaged class. Concurrent requests share one
 * snapshot of all classes. Failures are not cached. Thread safe.
 */
final class MemoryCache {

    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    /**
     * The last snapshot of a class is used if the class is failing, or does not respond within this time, for example
     * because the store is slow.
     */
    private static final Duration CLASS_TIMEOUT = Duration.ofSeconds(2);

    private static final double NANOS = 1e9;

    private final Supplier<CompletionStage<Inputs>> inputs;
    private final ToIntFunction<ImageShape> factor;
    private final InstantSource steadyClock;
    private final MemoryViews views;
    private final ClassQuery<ClassActor.Average, ServedClass> query;
    private final DoubleConsumer gathered;
    /** The memory that was last requested from the classes; empty before the first request and if it is invalid. */
    private Optional<CompletableFuture<Optional<MemoryView>>> latest = Optional.empty();
    /** Labels of the classes in the latest memory; empty until they are known. */
    private Set<String> cachedLabels = Set.of();
    /** Indices of the same classes. */
    private Set<Integer> cachedIndices = Set.of();

    /** Number of memories requested from the classes so far. */
    private long loads;

    private Instant loadedAt = Instant.EPOCH;

    /**
     * Creates an empty cache.
     *
     * @param inputs queries the current classes and the normalisation
     * @param factor multi-formation factor for images of a given shape
     * @param bits bits per value of the stored images
     * @param deadZone applied to the stored images
     * @param clock tells when the memory has changed
     * @param steadyClock measures the age of a snapshot, and the time that reading it takes
     * @param gathered is told how many seconds it took to read the memory from all classes, each time that it is read
     */
    MemoryCache(
            Supplier<CompletionStage<Inputs>> inputs,
            ToIntFunction<ImageShape> factor,
            Bits bits,
            DeadZone deadZone,
            InstantSource clock,
            InstantSource steadyClock,
            Scheduler scheduler,
            DoubleConsumer gathered) {
        this.inputs = inputs;
        this.factor = factor;
        this.steadyClock = steadyClock;
        this.views = new MemoryViews(bits, clock);
        this.query = new ClassQuery<>(
                ClassActor.ReadAverage::new,
                (known, replied) -> known.filter(served -> served.isOf(replied))
                        .orElseGet(() -> ServedClass.of(replied, bits, deadZone)),
                CLASS_TIMEOUT,
                scheduler);
        this.gathered = gathered;
    }

    /**
     * The inputs from which a memory is assembled.
     *
     * @param classes classes to show, none of which is damaged
     * @param normalisation normalisation of the real data; empty until it is known
     */
    record Inputs(List<KnownClass> classes, Optional<Normalisation> normalisation) {}

    /**
     * Returns the memory; empty if there are no classes. The memory lacks the images of a class that has never replied.
     * Fails with an {@link UnavailableException} if no class has ever replied.
     */
    synchronized CompletionStage<Optional<MemoryView>> get() {
        boolean fresh = Duration.between(loadedAt, steadyClock.instant()).compareTo(MAX_AGE) < 0;
        boolean failed = latest.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        if (latest.isEmpty() || failed || (!fresh && latest.get().isDone())) {
            forgetCachedClasses();
            long load = ++loads;
            Instant start = steadyClock.instant();
            latest = Optional.of(inputs.get()
                    .thenCompose(current -> view(current, load))
                    .thenApply(memory -> {
                        onLoaded(load, start);
                        return memory;
                    })
                    .toCompletableFuture());
        }
        return latest.get().copy();
    }

    /** Called when images of these classes were accepted. Invalidates the memory if it lacks one of these classes. */
    synchronized void accepted(Set<String> labels) {
        if (!cachedLabels.containsAll(labels)) {
            invalidate();
        }
    }

    /**
     * Called when an answer shows that the service has these classes. Invalidates the memory if it has another one, so
     * that a forgotten class does not seem to come back.
     */
    synchronized void shown(List<KnownClass> classes) {
        if (!indices(classes).containsAll(cachedIndices)) {
            invalidate();
        }
    }

    synchronized void invalidate() {
        latest = Optional.empty();
        forgetCachedClasses();
        loads++;
    }

    /** Notes when a memory was complete, unless it is not the latest any more. Its age counts from then. */
    private synchronized void onLoaded(long load, Instant start) {
        Instant now = steadyClock.instant();
        gathered.accept(Duration.between(start, now).toNanos() / NANOS);
        if (load == loads) {
            loadedAt = now;
        }
    }

    private void forgetCachedClasses() {
        cachedLabels = Set.of();
        cachedIndices = Set.of();
    }

    /** Notes the classes of a memory, unless it is not the latest any more. */
    private synchronized void setCachedClasses(long load, List<KnownClass> classes) {
        if (load == loads) {
            cachedLabels = classes.stream().map(known -> known.info().label()).collect(Collectors.toUnmodifiableSet());
            cachedIndices = indices(classes);
        }
    }

    private static Set<Integer> indices(List<KnownClass> classes) {
        return classes.stream().map(known -> known.info().index()).collect(Collectors.toUnmodifiableSet());
    }

    private CompletionStage<Optional<MemoryView>> view(Inputs inputs, long load) {
        setCachedClasses(load, inputs.classes());
        query.retainAll(indices(inputs.classes()));
        List<CompletionStage<Optional<ServedClass>>> requests =
                inputs.classes().stream().map(query::ask).toList();
        return Asks.all(requests).thenApply(responses -> {
            List<ServedClass> served =
                    responses.stream().flatMap(Optional::stream).toList();
            if (served.isEmpty() && !inputs.classes().isEmpty()) {
                throw new UnavailableException(
                        "the store does not respond, so the memory cannot be read: try again in a moment");
            }
            if (served.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(view(inputs, served));
        });
    }

    private MemoryView view(Inputs inputs, List<ServedClass> served) {
        ImageShape shape = served.getFirst().stored().shape();
        return views.of(new MemoryViews.Parts(
                served,
                classList(inputs.classes()),
                factor.applyAsInt(shape),
                inputs.normalisation()
                        .filter(known -> known.fits(shape))
                        .orElseGet(() -> Normalisation.neutral(shape))));
    }

    private static ClassList classList(List<KnownClass> classes) {
        TreeMap<Integer, String> namesByIndex = new TreeMap<>();
        classes.forEach(
                each -> namesByIndex.put(each.info().index(), each.info().label()));
        return ClassList.of(namesByIndex);
    }
}
