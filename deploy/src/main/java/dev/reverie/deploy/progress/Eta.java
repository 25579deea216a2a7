package dev.reverie.deploy.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Estimates when a number of loops will be over: by the mean pace of the last ones, or by a time limit if that comes
 * first. Not thread safe.
 */
public final class Eta {

    /** As many loops as lie between two refreshes by default, so that one refresh is always among them. */
    private static final int REMEMBERED = 10;

    private final long total;
    private final Optional<Duration> limit;
    private final Deque<Double> recent = new ArrayDeque<>();
    private double sum;
    private long done;

    /**
     * For {@code total} loops of which {@code done} are over already.
     *
     * @param limit after which the work ends though loops are left; counted from the start
     */
    public Eta(long total, long done, Optional<Duration> limit) {
        this.total = total;
        this.done = done;
        this.limit = limit;
    }

    /** One more loop is over and took that many seconds of wall time. */
    public void loop(double seconds) {
        done++;
        recent.addLast(seconds);
        sum += seconds;
        if (recent.size() > REMEMBERED) {
            sum -= recent.removeFirst();
        }
    }

    /** Mean seconds of the last loops; 0 before the first. */
    public double secondsPerLoop() {
        return recent.isEmpty() ? 0 : sum / recent.size();
    }

    /** Time left after {@code elapsed}, never negative; empty before the first loop unless a limit is set. */
    public Optional<Duration> left(Duration elapsed) {
        Optional<Duration> bySchedule = recent.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.round(1000 * secondsPerLoop() * Math.max(0, total - done))));
        Optional<Duration> byLimit = limit.map(most -> positive(most.minus(elapsed)));
        return bySchedule
                .map(schedule -> byLimit.filter(l -> l.compareTo(schedule) < 0).orElse(schedule))
                .or(() -> byLimit);
    }

    /** Fraction of the work that is over, in [0, 1]: of the loops or of the time limit, whichever is farther. */
    public double fraction(Duration elapsed) {
        double byLoops = total == 0 ? 1 : (double) done / total;
        double byLimit = limit.map(most -> (double) elapsed.toMillis() / Math.max(1, most.toMillis()))
                .orElse(0.0);
        return Math.clamp(Math.max(byLoops, byLimit), 0, 1);
    }

    /** Reads like {@code 8s}, {@code 5m 30s} or {@code 1h 30m}. */
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

    /** Reads like {@code "5m 30s left, "}, and is empty where the time left is unknown. */
    static String prefix(Optional<Duration> left) {
        return left.map(duration -> format(duration) + " left, ").orElse("");
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
