package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.decode.SafeExcerpt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process has refused in the last hour, by ingest source and reason. Keeps a count for each minute and the
 * last example, so its memory is bounded by the number of reasons. Thread safe.
 */
public final class RecentRefusals {

    /** The reason of files that the watched folder passes over. */
    public static final String PASSED_OVER = "passed-over";

    private static final Duration SPAN = Duration.ofHours(1);
    private static final int MAX_ORIGIN = 100;
    private static final int MAX_DETAIL = 300;

    private final InstantSource clock;
    private final Map<Kind, Recent> recent = new HashMap<>();
    private Optional<Group> passedOver = Optional.empty();

    public RecentRefusals(InstantSource clock) {
        this.clock = clock;
    }

    private record Kind(IngestSource source, String reason) {}

    /** The samples refused in each minute since 1970, and the last refusal. */
    private record Recent(TreeMap<Long, Long> samplesByMinute, Example last) {}

    /**
     * A refusal of the past.
     *
     * @param origin what {@link IngestListener.Refused#origin} says, shortened, without control characters
     * @param detail what is wrong and what to do about it, likewise
     */
    public record Example(Optional<String> origin, String detail, Instant at) {}

    /** The samples that one source has refused for one reason. */
    public record Group(IngestSource source, String reason, long samples, Example last) {}

    public synchronized void add(IngestListener.Refused refused) {
        Instant now = clock.instant();
        Example last = new Example(
                refused.origin().map(origin -> SafeExcerpt.of(origin, MAX_ORIGIN)),
                SafeExcerpt.of(refused.detail(), MAX_DETAIL),
                now);
        Kind kind = new Kind(refused.source(), refused.reason());
        TreeMap<Long, Long> samples = Optional.ofNullable(recent.get(kind))
                .map(Recent::samplesByMinute)
                .orElseGet(TreeMap::new);
        samples.merge(minute(now), (long) refused.samples(), Long::sum);
        recent.put(kind, new Recent(samples, last));
        forgetAllBut(now);
    }

    /** Notes what the last scan of the watched folder passed over, as {@link IngestListener#passedOver} says. */
    public synchronized void passedOver(int files, List<String> first) {
        Example names = new Example(
                Optional.of(SafeExcerpt.of(String.join(", ", first), MAX_DETAIL)),
                "the watched folder has files that are neither pictures nor batches: convert or remove them",
                clock.instant());
        passedOver = Optional.of(new Group(IngestSource.FILE, PASSED_OVER, files, names))
                .filter(_ -> files > 0);
    }

    /** Returns what was refused in the last hour, most samples first, and last what is passed over now. */
    public synchronized List<Group> lastHour() {
        forgetAllBut(clock.instant());
        Stream<Group> refused = recent.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey().source(),
                        entry.getKey().reason(),
                        entry.getValue().samplesByMinute().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        entry.getValue().last()))
                .sorted(Comparator.comparingLong(Group::samples)
                        .reversed()
                        .thenComparing(Group::source)
                        .thenComparing(Group::reason));
        return Stream.concat(refused, passedOver.stream()).toList();
    }

    /** Forgets what is not of the last hour. Minutes of the future are of a clock that was set back. */
    private void forgetAllBut(Instant now) {
        recent.values().removeIf(each -> {
            each.samplesByMinute().headMap(minute(now.minus(SPAN)), true).clear();
            each.samplesByMinute().tailMap(minute(now), false).clear();
            return each.samplesByMinute().isEmpty();
        });
    }

    private static long minute(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), 60L);
    }
}
