package dev.reverie.streams.history;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageStrip;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ServiceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the memory when it has changed, at most every five seconds, and remembers what it saw for as long as the
 * process lives. Thread safe.
 */
public final class MemoryHistory {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryHistory.class);

    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** Without an event: a memory that was read from the store is there before anything happens. */
    private static final Duration NOW_AND_THEN = Duration.ofSeconds(30);

    /** Drawing may take this part of the time: a large memory is looked at less often. */
    private static final int SHARE = 100;

    private static final int MOST = 120;
    private static final long MOST_BYTES = 32L << 20;
    private static final int NAME_BYTES = 12;

    private final MemoryService service;
    private final Executor executor;
    private final InstantSource clock;
    private final ThinningHistory moments = new ThinningHistory(MOST, MOST_BYTES);
    private final AtomicLong next;

    private MemoryHistory(MemoryService service, Executor executor, InstantSource clock) {
        this.service = service;
        this.executor = executor;
        this.clock = clock;
        this.next = new AtomicLong(clock.millis());
    }

    /** Begins to look, and does so until the system ends. */
    public static MemoryHistory of(MemoryService service, InstantSource clock, ActorSystem<?> system) {
        Executor executor =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.http-encode-dispatcher"));
        MemoryHistory history = new MemoryHistory(service, executor, clock);
        service.events(Optional.empty())
                .filter(event -> event.kind() == ServiceEvent.Kind.MEMORY || event.kind() == ServiceEvent.Kind.CLASS)
                .map(_ -> Done.getInstance())
                .merge(Source.tick(Duration.ZERO, NOW_AND_THEN, Done.getInstance()))
                .conflate((_, latest) -> latest)
                .mapAsync(1, _ -> history.lookAndRest(system))
                .run(system);
        return history;
    }

    private CompletionStage<Done> lookAndRest(ActorSystem<?> system) {
        return look().exceptionally(failure -> {
                    LOG.debug("The memory could not be looked at", failure);
                    return Duration.ZERO;
                })
                .thenCompose(work -> {
                    Duration rest = work.multipliedBy(SHARE);
                    return Patterns.after(
                            rest.compareTo(BETWEEN) > 0 ? rest : BETWEEN,
                            system.classicSystem(),
                            () -> CompletableFuture.completedStage(Done.getInstance()));
                });
    }

    /** All moments that are remembered, oldest first. */
    public List<HistoryEntry> moments() {
        return moments.all();
    }

    public Optional<HistoryEntry> moment(long number) {
        return moments().stream().filter(moment -> moment.number() == number).findFirst();
    }

    /** The picture of a name that one of the moments has. */
    public Optional<ClassImagesThen> picture(String name) {
        return moments.picture(name);
    }

    /** As if there had never been such a class. */
    public void forget(String label) {
        moments.forget(label);
    }

    /** Tells how long it drew. */
    private CompletionStage<Duration> look() {
        long forgotten = moments.forgotten();
        return service.memory()
                .thenCombineAsync(
                        service.status(),
                        (view, status) -> {
                            Instant began = clock.instant();
                            view.ifPresent(memory -> moments.add(
                                    new HistoryEntry(
                                            next.getAndIncrement(), began, status.innerLoops(), pictures(memory.set())),
                                    forgotten));
                            return Duration.between(began, clock.instant());
                        },
                        executor);
    }

    private List<ClassImagesThen> pictures(DistilledSet set) {
        Map<String, ClassImagesThen> known = moments.latest().stream()
                .flatMap(moment -> moment.classes().stream())
                .collect(Collectors.toMap(ClassImagesThen::label, Function.identity()));
        TreeMap<Integer, List<Integer>> byClass = new TreeMap<>();
        for (int i = 0; i < set.parameterLabels().size(); i++) {
            byClass.computeIfAbsent(set.parameterLabels().get(i), _ -> new ArrayList<>())
                    .add(i);
        }
        return byClass.entrySet().stream()
                .map(entry -> picture(
                        set.classNames().get(entry.getKey()), set.parameters().pick(entry.getValue()), known))
                .toList();
    }

    private static ClassImagesThen picture(String label, ImageBatch images, Map<String, ClassImagesThen> known) {
        String name = name(images);
        ClassImagesThen last = known.get(label);
        return last != null && last.name().equals(name) ? last : new ClassImagesThen(label, name, png(images));
    }

    private static byte[] png(ImageBatch images) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new ImageStrip(images).writePng(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String name(ImageBatch images) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(images.shape().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(images.toBytes());
        return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
    }
}
