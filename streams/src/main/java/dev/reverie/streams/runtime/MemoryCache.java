package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Caches the memory for one second. Drops the memory earlier if it is invalidated, lacks a class for which images were
 * accepted, or has a class that other answers no longer show. Has no damaged class. Concurrent requests share one
 * snapshot of all classes. Failures are not cached. Thread safe.
 */
final class MemoryCache {

    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    private static final double NANOS = 1e9;

    private final Supplier<CompletionStage<Inputs>> inputs;
    private final ServedClasses servedClasses;
    private final ToIntFunction<ImageShape> factor;
    private final InstantSource clock;
    private final InstantSource steadyClock;
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
    /** The last view, which stays the same for as long as the classes reply with the same images. */
    private Optional<Viewed> viewed = Optional.empty();

    private record Viewed(long load, MemoryParts parts, MemoryView view) {}

    /**
     * Creates an empty cache.
     *
     * @param inputs queries the current classes and the normalisation
     * @param factor multi-formation factor for images of a given shape
     * @param clock tells when the memory has changed
     * @param steadyClock measures the age of a snapshot, and the time that reading it takes
     * @param gathered is told how many seconds it took to read the memory from all classes, each time that it is read
     */
    MemoryCache(
            Supplier<CompletionStage<Inputs>> inputs,
            ServedClasses servedClasses,
            ToIntFunction<ImageShape> factor,
            InstantSource clock,
            InstantSource steadyClock,
            DoubleConsumer gathered) {
        this.inputs = inputs;
        this.servedClasses = servedClasses;
        this.factor = factor;
        this.clock = clock;
        this.steadyClock = steadyClock;
        this.gathered = gathered;
    }

    /**
     * The inputs from which a memory is assembled.
     *
     * @param classes classes to show, none of which is damaged
     * @param normalisation normalisation of the real data; empty until it is known
     */
    record Inputs(List<OpenClass> classes, Optional<Normalisation> normalisation) {}

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

    /** Size of the picture of a class in bytes; empty if its images have not been read yet. */
    OptionalLong codedBytes(int classIndex) {
        return servedClasses.codedBytes(classIndex);
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
    synchronized void shown(List<OpenClass> classes) {
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
    private synchronized void setCachedClasses(long load, List<OpenClass> classes) {
        if (load == loads) {
            cachedLabels = classes.stream().map(known -> known.info().label()).collect(Collectors.toUnmodifiableSet());
            cachedIndices = indices(classes);
        }
    }

    private static Set<Integer> indices(List<OpenClass> classes) {
        return classes.stream().map(known -> known.info().index()).collect(Collectors.toUnmodifiableSet());
    }

    private CompletionStage<Optional<MemoryView>> view(Inputs inputs, long load) {
        setCachedClasses(load, inputs.classes());
        servedClasses.retainAll(indices(inputs.classes()));
        return Asks.all(inputs.classes().stream().map(servedClasses::of).toList())
                .thenApply(replies -> {
                    List<ServedClass> served =
                            replies.stream().flatMap(Optional::stream).toList();
                    if (served.isEmpty() && !inputs.classes().isEmpty()) {
                        throw new UnavailableException(
                                "the store does not respond, so the memory cannot be read: try again in a moment");
                    }
                    return served.isEmpty() ? Optional.empty() : Optional.of(view(parts(inputs, served), load));
                });
    }

    /** Returns a view, and notes it unless a later load has already ended. */
    private synchronized MemoryView view(MemoryParts parts, long load) {
        MemoryView view = viewed.filter(known -> known.parts().equals(parts))
                .map(Viewed::view)
                .orElseGet(() -> parts.view(viewed.map(Viewed::view), clock));
        viewed = viewed.filter(known -> known.load() > load).or(() -> Optional.of(new Viewed(load, parts, view)));
        return view;
    }

    private MemoryParts parts(Inputs inputs, List<ServedClass> served) {
        ImageShape shape = served.getFirst().shape();
        return new MemoryParts(
                served,
                classList(inputs.classes()),
                factor.applyAsInt(shape),
                inputs.normalisation()
                        .filter(known -> known.fits(shape))
                        .orElseGet(() -> Normalisation.neutral(shape)));
    }

    private static ClassList classList(List<OpenClass> classes) {
        TreeMap<Integer, String> namesByIndex = new TreeMap<>();
        classes.forEach(
                each -> namesByIndex.put(each.info().index(), each.info().label()));
        return ClassList.of(namesByIndex);
    }
}
