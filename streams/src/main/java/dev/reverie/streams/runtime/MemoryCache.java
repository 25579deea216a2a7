package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.classes.DistilledClasses;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.streams.service.MemoryView;
import dev.reverie.streams.service.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * The memory as it was gathered last, gathered anew when somebody asks and it is old, or is known to lack a class.
 * However many ask, it is gathered once for all of them, until it is known to be out of date. A failure is not
 * remembered. Thread safe.
 */
final class MemoryCache {

    private static final Duration FRESH = Duration.ofSeconds(1);
    /** A class that does not answer by then, since it is busy with the store, is as it was last. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int VERSION_BYTES = 10;

    private final Supplier<CompletionStage<Gathering>> gathering;
    private final ToIntFunction<ImageShape> factor;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Map<Integer, ClassSnapshot> last = new ConcurrentHashMap<>();
    private Optional<CompletableFuture<Optional<MemoryView>>> latest = Optional.empty();
    private Set<String> known = Set.of();
    private Instant since = Instant.EPOCH;

    /**
     * A cache with nothing in it.
     *
     * @param gathering finds what there is
     * @param factor of multi-formation for images of a shape
     */
    MemoryCache(
            Supplier<CompletionStage<Gathering>> gathering,
            ToIntFunction<ImageShape> factor,
            InstantSource clock,
            Scheduler scheduler) {
        this.gathering = gathering;
        this.factor = factor;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * What a memory is gathered from.
     *
     * @param normalisation of the real data, once it is known
     */
    record Gathering(List<ClassHandle> classes, Optional<Normalisation> normalisation) {}

    synchronized CompletionStage<Optional<MemoryView>> get() {
        boolean fresh = Duration.between(since, clock.instant()).abs().compareTo(FRESH) < 0;
        boolean failed = latest.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        if (latest.isEmpty() || failed || (!fresh && latest.get().isDone())) {
            since = clock.instant();
            latest = Optional.of(gathering.get().thenCompose(this::view).toCompletableFuture());
        }
        return latest.get().copy();
    }

    /** Images of these classes came in: a memory without one of them is out of date. */
    synchronized void admitted(Set<String> labels) {
        if (!known.containsAll(labels)) {
            outdate();
        }
    }

    synchronized void outdate() {
        latest = Optional.empty();
        known = Set.of();
    }

    private synchronized void knows(Set<String> labels) {
        known = labels;
    }

    private CompletionStage<Optional<MemoryView>> view(Gathering from) {
        last.keySet().retainAll(from.classes().stream().map(ClassHandle::label).toList());
        List<CompletionStage<Optional<ClassSnapshot>>> asked =
                from.classes().stream().map(this::snapshot).toList();
        return Asks.all(asked).thenApply(answers -> {
            List<ClassSnapshot> snapshots =
                    answers.stream().flatMap(Optional::stream).toList();
            if (snapshots.isEmpty() && !from.classes().isEmpty()) {
                throw new UnavailableException("no class answers, since the store does not: ask again in a moment");
            }
            List<String> names = names(from.classes());
            knows(Set.copyOf(from.classes().stream().map(ClassHandle::name).toList()));
            if (snapshots.isEmpty()) {
                return Optional.empty();
            }
            ImageShape shape = snapshots.getFirst().images().shape();
            DistilledSet set = DistilledClasses.toSet(
                    snapshots,
                    names,
                    factor.applyAsInt(shape),
                    from.normalisation()
                            .filter(known -> known.fits(shape))
                            .orElseGet(() -> Normalisation.neutral(shape)));
            return Optional.of(new MemoryView(version(set), set));
        });
    }

    private CompletionStage<Optional<ClassSnapshot>> snapshot(ClassHandle handle) {
        return Asks.<ClassMessage, ClassSnapshot>ask(handle.actor(), ClassActor.TakeSnapshot::new, PATIENCE, scheduler)
                .handle((snapshot, failure) -> {
                    if (snapshot != null) {
                        last.put(handle.label(), snapshot);
                    }
                    return Optional.ofNullable(last.get(handle.label()));
                });
    }

    /** By class index; empty where a class was forgotten. */
    private static List<String> names(List<ClassHandle> classes) {
        TreeMap<Integer, String> byLabel = new TreeMap<>();
        classes.forEach(each -> byLabel.put(each.label(), each.name()));
        List<String> names = new ArrayList<>(Collections.nCopies(byLabel.isEmpty() ? 0 : byLabel.lastKey() + 1, ""));
        byLabel.forEach(names::set);
        return names;
    }

    /** The same set has the same version, also after a restart. */
    private static String version(DistilledSet set) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(set.parameters().toBytes());
        String rest = set.parameterLabels() + "|" + set.classNames() + "|" + set.normalisation() + "|" + set.factor();
        digest.update(rest.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    }
}
