package dev.reverie.streams.history;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageStrip;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the memory after it changes, at most once every five seconds. Looks for changes after events, and otherwise
 * every 30 seconds. Keeps a limited number of moments, and only for the life of the process. Thread safe.
 */
public final class MemoryHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryHistory.class);

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);
    /** Limits the pause after a recording during which the process was stopped, as by SIGSTOP. */
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    /**
     * Interval of looking for changes without an event: a memory that was read from the store exists before the first
     * event.
     */
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

    /**
     * Ratio of the pause after a recording to the time that the recording took, so a large memory is recorded less
     * often.
     */
    private static final int PAUSE_FACTOR = 100;

    /**
     * Maximum part of the wait for the memory that counts as work. A large memory takes long to assemble, but a silent
     * class or a busy executor lengthens the wait, too.
     */
    private static final Duration MAX_WAIT = Duration.ofMillis(300);

    private static final int MAX_POINTS = 240;
    private static final int MAX_LOSSES = 100_000;
    private static final int MAX_MOMENTS = 120;
    private static final long MAX_BYTES = 32L << 20;
    private static final int NAME_BYTES = 12;

    private final MemoryService service;
    private final Executor executor;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Timeline<Moment> moments = new Timeline<>(MAX_MOMENTS, MAX_BYTES, Moment::bytes);
    private final Timeline<LearningPoint> curves = new Timeline<>(MAX_POINTS, MAX_LOSSES, LearningPoint::losses);
    private final HistoryDocuments documents = new HistoryDocuments(moments, curves);
    private final AtomicLong lastNumber = new AtomicLong();

    /** The version of the memory in the latest moment; recordings do not overlap. */
    private volatile String version = "";

    MemoryHistory(MemoryService service, Executor executor, InstantSource clock, LongSupplier nanos) {
        this.service = service;
        this.executor = executor;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Starts recording the memory of a service. Recording ends with the actor system.
     *
     * @param clock tells the times of the moments
     * @param nanos measures the time that recording takes, as {@link System#nanoTime}
     */
    public static MemoryHistory start(
            MemoryService service, InstantSource clock, LongSupplier nanos, ActorSystem<?> system) {
        Executor executor =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.http-encode-dispatcher"));
        MemoryHistory history = new MemoryHistory(service, executor, clock, nanos);
        new CurveRecorder(service, clock, history.curves).start(system);
        service.events(Optional.empty())
                .filter(event -> event.kind() == ServiceEvent.Kind.CLASS)
                .runForeach(history::onClassEvent, system);
        service.events(Optional.empty())
                .filter(event -> event.kind() == ServiceEvent.Kind.MEMORY || event.kind() == ServiceEvent.Kind.CLASS)
                .map(_ -> Done.getInstance())
                .merge(Source.tick(Duration.ZERO, POLL_INTERVAL, Done.getInstance()))
                .conflate((_, latest) -> latest)
                .mapAsync(1, _ -> history.recordAndPause(system))
                .run(system);
        return history;
    }

    private CompletionStage<Done> recordAndPause(ActorSystem<?> system) {
        return record().exceptionally(failure -> {
                    LOG.debug("The memory could not be recorded in the history", failure);
                    return Duration.ZERO;
                })
                .thenCompose(work -> Patterns.after(
                        pauseAfter(work),
                        system.classicSystem(),
                        () -> CompletableFuture.completedStage(Done.getInstance())));
    }

    /** The pause after a recording that took a given time. */
    static Duration pauseAfter(Duration work) {
        long nanos = work.multipliedBy(PAUSE_FACTOR).toNanos();
        return Duration.ofNanos(Math.clamp(nanos, MIN_INTERVAL.toNanos(), MAX_INTERVAL.toNanos()));
    }

    @Override
    public CompletionStage<Optional<byte[]>> read(History.Query query) {
        return CompletableFuture.completedStage(content(query));
    }

    @Override
    public long estimate(History.Query query) {
        return documents.estimate(query);
    }

    @Override
    public CompletionStage<Done> forget(String label) {
        remove(label);
        return CompletableFuture.completedStage(Done.getInstance());
    }

    Optional<byte[]> content(History.Query query) {
        return documents.get(query);
    }

    /** Also removes a class that another node of the cluster was asked to forget. */
    private void onClassEvent(ServiceEvent event) {
        if ("forgotten".equals(event.fields().get("phase")) && event.fields().get("label") instanceof String label) {
            remove(label);
        }
    }

    void remove(String label) {
        curves.forget(label);
        moments.forget(label);
    }

    /**
     * Removes the classes that have ended, then adds a moment if the memory has changed. Completes with the time that
     * creating the moment took, and a limited part of the wait for the memory.
     */
    CompletionStage<Duration> record() {
        return service.classes().thenCompose(classes -> {
            removeAllBut(classes.stream().map(ClassInfo::label).collect(Collectors.toSet()));
            return recordMoment();
        });
    }

    /** Events of forgotten classes can be missed: a reader that falls behind loses the oldest events. */
    private void removeAllBut(Set<String> living) {
        Stream.concat(moments.labels().stream(), curves.labels().stream())
                .filter(label -> !living.contains(label))
                .distinct()
                .forEach(this::remove);
    }

    private CompletionStage<Duration> recordMoment() {
        long forgotten = moments.forgotten();
        long asked = nanos.getAsLong();
        return service.memory()
                .thenCombineAsync(
                        service.status(),
                        (view, status) -> {
                            long began = nanos.getAsLong();
                            view.filter(memory -> memory.set().parameters().count() > 0)
                                    .filter(memory -> !memory.version().equals(version))
                                    .ifPresent(memory -> add(memory, clock.instant(), status.innerLoops(), forgotten));
                            long waited = Math.min(began - asked, MAX_WAIT.toNanos());
                            return Duration.ofNanos(waited + nanos.getAsLong() - began);
                        },
                        executor);
    }

    private void add(MemoryView memory, Instant at, long innerLoops, long forgotten) {
        Moment moment = new Moment(number(at), at, innerLoops, pictures(memory.set()));
        if (moments.add(moment, forgotten)) {
            version = memory.version();
        }
    }

    /** Follows the clock, so that moments that two nodes recorded have different numbers. */
    private long number(Instant at) {
        return lastNumber.accumulateAndGet(at.toEpochMilli(), (last, now) -> Math.max(last + 1, now));
    }

    private List<Moment.ClassPicture> pictures(DistilledSet set) {
        Map<String, Moment.ClassPicture> known = moments.latest().stream()
                .flatMap(moment -> moment.classes().stream())
                .collect(Collectors.toMap(Moment.ClassPicture::label, Function.identity()));
        TreeMap<Integer, List<Integer>> byClass = new TreeMap<>();
        for (int i = 0; i < set.parameterLabels().size(); i++) {
            byClass.computeIfAbsent(set.parameterLabels().get(i), _ -> new ArrayList<>())
                    .add(i);
        }
        return byClass.entrySet().stream()
                .map(entry -> picture(
                        set.classes().nameOf(entry.getKey()), set.parameters().pick(entry.getValue()), known))
                .toList();
    }

    private static Moment.ClassPicture picture(
            String label, ImageBatch images, Map<String, Moment.ClassPicture> known) {
        String name = name(images);
        Moment.ClassPicture last = known.get(label);
        return last != null && last.name().equals(name) ? last : new Moment.ClassPicture(label, name, png(images));
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
