package dev.reverie.deploy.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Estimates the time for the remaining loops, based on the mean duration of the most recent loops and capped by the
 * time limit. Not thread safe.
 */
public final class Eta {

    /** The default number of loops between two choices of representatives, so that the mean always covers one. */
    private static final int REMEMBERED = 10;

    private final long total;
    private final Optional<Duration> limit;
    private final Deque<Double> recent = new ArrayDeque<>();
    private double sum;
    private long done;

    /**
     * Creates an estimate for {@code total} loops of which {@code done} are finished.
     *
     * @param limit time limit, counted from the start of the work
     */
    public Eta(long total, long done, Optional<Duration> limit) {
        this.total = total;
        this.done = done;
        this.limit = limit;
    }

    public void loop(double seconds) {
        done++;
        recent.addLast(seconds);
        sum += seconds;
        if (recent.size() > REMEMBERED) {
            sum -= recent.removeFirst();
        }
    }

    /** Returns the mean duration of the last loops in seconds; 0 before the first loop. */
    public double secondsPerLoop() {
        return recent.isEmpty() ? 0 : sum / recent.size();
    }

    /**
     * Returns the time left after {@code elapsed}, never negative; empty before the first loop if there is no limit.
     */
    public Optional<Duration> left(Duration elapsed) {
        Optional<Duration> bySchedule = recent.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.round(1000 * secondsPerLoop() * Math.max(0, total - done))));
        Optional<Duration> byLimit =
                limit.map(most -> most.compareTo(elapsed) > 0 ? most.minus(elapsed) : Duration.ZERO);
        return bySchedule
                .map(schedule -> byLimit.filter(l -> l.compareTo(schedule) < 0).orElse(schedule))
                .or(() -> byLimit);
    }

    /** Returns the fraction of the loops or of the time limit that is over, whichever is larger, in [0, 1]. */
    public double fraction(Duration elapsed) {
        double byLoops = total == 0 ? 1 : (double) done / total;
        double byLimit = limit.map(most -> (double) elapsed.toMillis() / Math.max(1, most.toMillis()))
                .orElse(0.0);
        return Math.clamp(Math.max(byLoops, byLimit), 0, 1);
    }

    /**
     * Returns the time left if the work goes on at its mean speed so far.
     *
     * @param fraction the part of the work that took {@code elapsed}, in (0, 1]
     */
    public static Duration left(Duration elapsed, double fraction) {
        return Duration.ofMillis(Math.round(elapsed.toMillis() * (1 - fraction) / fraction));
    }

    /** Formats a duration like {@code 8s}, {@code 5m 30s} or {@code 1h 30m}. */
    public static String format(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return "%dm %02ds".formatted(seconds / 60, seconds % 60);
        }
        return "%dh %02dm".formatted(seconds / 3600, seconds / 60 % 60);
    }

    /** Formats the time left like {@code "5m 30s left, "}, or as an empty text if it is unknown. */
    public static String prefix(Optional<Duration> left) {
        return left.map(duration -> format(duration) + " left, ").orElse("");
    }
}
