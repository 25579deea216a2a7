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
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Caches the memory. While it is read, a newer one replaces it about every second, which is gathered and coded in the
 * background, so that readers seldom wait for either. Nobody gets a memory that was complete more than two seconds ago,
 * that was invalidated, that lacks a class for which images were accepted, or that has a class which other answers no
 * longer show. Has no damaged class. Concurrent requests share one snapshot of all classes. Failures are not cached.
 * Thread safe.
 */
final class MemoryCache {

    private static final Duration REFRESH_AGE = Duration.ofSeconds(1);
    private static final Duration MAX_AGE = Duration.ofSeconds(2);
    private static final double NANOS = 1e9;

    private final Supplier<CompletionStage<Inputs>> inputs;
    private final ServedClasses servedClasses;
    private final ToIntFunction<ImageShape> factor;
    private final InstantSource clock;
    private final InstantSource steadyClock;
    private final Executor coder;
    private final DoubleConsumer gathered;
    /** The memory that readers get; empty before the first request and if it is invalid. */
    private Optional<Load> latest = Optional.empty();
    /** The memory that will replace it. */
    private Optional<Load> next = Optional.empty();
    /** Number of memories requested from the classes so far. */
    private long loads;
    /** The last view, which stays the same for as long as the classes reply with the same images. */
    private Optional<Viewed> viewed = Optional.empty();

    private record Viewed(long load, MemoryParts parts, MemoryView view) {}

    /** A memory that is requested from the classes, or was. */
    private static final class Load {

        private final long number;
        private final CompletableFuture<Optional<MemoryView>> view = new CompletableFuture<>();
        /** Labels of the classes of the memory; none until they are known. */
        private volatile Set<String> labels = Set.of();
        /** Indices of the same classes. */
        private volatile Set<Integer> indices = Set.of();

        private volatile Instant gathered = Instant.MAX;

        Load(long number) {
            this.number = number;
        }

        boolean isYounger(Duration age, Instant now) {
            return !view.isDone() || gathered.isAfter(now.minus(age));
        }
    }

    /**
     * Creates an empty cache.
     *
     * @param inputs queries the current classes and the normalisation
     * @param factor multi-formation factor for images of a given shape
     * @param clock tells when the memory has changed
     * @param steadyClock measures the age of a snapshot, and the time that reading it takes
     * @param coder codes the images of a memory in the background
     * @param gathered is told how many seconds it took to read the memory from all classes, each time that it is read
     */
    MemoryCache(
            Supplier<CompletionStage<Inputs>> inputs,
            ServedClasses servedClasses,
            ToIntFunction<ImageShape> factor,
            InstantSource clock,
            InstantSource steadyClock,
            Executor coder,
            DoubleConsumer gathered) {
        this.inputs = inputs;
        this.servedClasses = servedClasses;
        this.factor = factor;
        this.clock = clock;
        this.steadyClock = steadyClock;
        this.coder = coder;
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
        Instant now = steadyClock.instant();
        Optional<Load> usable =
                latest.filter(load -> !load.view.isCompletedExceptionally() && load.isYounger(MAX_AGE, now));
        if (usable.isEmpty()) {
            latest = Optional.of(next.orElseGet(() -> load(Runnable::run, _ -> {})));
            next = Optional.empty();
        } else if (next.isEmpty() && !usable.get().isYounger(REFRESH_AGE, now)) {
            Load newer = load(coder, ServedClass::prepare);
            CompletionStage<Optional<MemoryView>> ready = newer.view;
            next = Optional.of(newer);
            ready.whenComplete((_, failure) -> replace(newer, failure == null));
        }
        return latest.orElseThrow().view.copy();
    }

    /** Replaces the memory by the next one, unless that has failed or has become invalid. */
    private synchronized void replace(Load newer, boolean succeeded) {
        if (next.filter(load -> load == newer).isPresent()) {
            latest = succeeded ? next : latest;
            next = Optional.empty();
        }
    }

    /** Size of the picture of a class in bytes; empty if its images have not been read yet. */
    OptionalLong codedBytes(int classIndex) {
        return servedClasses.codedBytes(classIndex);
    }

    /** Called when images of these classes were accepted. Invalidates the memory if it lacks one of these classes. */
    synchronized void accepted(Set<String> labels) {
        if (latest.filter(load -> load.labels.containsAll(labels)).isEmpty()) {
            invalidate();
        }
    }

    /**
     * Called when an answer shows that the service has these classes. Invalidates the memory if it has another one, so
     * that a forgotten class does not seem to come back.
     */
    synchronized void shown(List<OpenClass> classes) {
        Set<Integer> shown = indices(classes);
        if (Stream.concat(latest.stream(), next.stream()).anyMatch(load -> !shown.containsAll(load.indices))) {
            invalidate();
        }
    }

    synchronized void invalidate() {
        latest = Optional.empty();
        next = Optional.empty();
    }

    private static Set<Integer> indices(List<OpenClass> classes) {
        return classes.stream().map(known -> known.info().index()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Requests the memory from the classes.
     *
     * @param executor runs {@code preparation} for the images of each class before the memory is complete
     */
    private Load load(Executor executor, Consumer<ServedClass> preparation) {
        Load load = new Load(++loads);
        Instant start = steadyClock.instant();
        inputs.get()
                .thenCompose(current -> gather(current, load)
                        .thenApply(served -> {
                            load.gathered = steadyClock.instant();
                            gathered.accept(
                                    Duration.between(start, load.gathered).toNanos() / NANOS);
                            return served;
                        })
                        .thenApplyAsync(
                                served -> {
                                    served.forEach(preparation);
                                    return view(current, served, load);
                                },
                                executor))
                .whenComplete((view, failure) -> {
                    if (failure == null) {
                        load.view.complete(view);
                    } else {
                        load.view.completeExceptionally(failure);
                    }
                });
        return load;
    }

    private CompletionStage<List<ServedClass>> gather(Inputs current, Load load) {
        load.labels =
                current.classes().stream().map(known -> known.info().label()).collect(Collectors.toUnmodifiableSet());
        load.indices = indices(current.classes());
        servedClasses.retainAll(load.indices);
        return Asks.all(current.classes().stream().map(servedClasses::of).toList())
                .thenApply(replies -> {
                    List<ServedClass> served =
                            replies.stream().flatMap(Optional::stream).toList();
                    if (served.isEmpty() && !current.classes().isEmpty()) {
                        throw new UnavailableException(
                                "the store does not respond, so the memory cannot be read: try again in a moment");
                    }
                    return served;
                });
    }

    /** Returns a view, and notes it unless a later load has already ended. */
    private synchronized Optional<MemoryView> view(Inputs current, List<ServedClass> served, Load load) {
        if (served.isEmpty()) {
            return Optional.empty();
        }
        MemoryParts parts = parts(current, served);
        MemoryView view = viewed.filter(known -> known.parts().equals(parts))
                .map(Viewed::view)
                .orElseGet(() -> parts.view(viewed.map(Viewed::view), clock));
        viewed = viewed.filter(known -> known.load() > load.number)
                .or(() -> Optional.of(new Viewed(load.number, parts, view)));
        return Optional.of(view);
    }

    private MemoryParts parts(Inputs current, List<ServedClass> served) {
        ImageShape shape = served.getFirst().shape();
        return new MemoryParts(
                served,
                classList(current.classes()),
                factor.applyAsInt(shape),
                current.normalisation()
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
