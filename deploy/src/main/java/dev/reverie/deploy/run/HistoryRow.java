package dev.reverie.deploy.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The row of one inner loop in {@code history.csv}. If the run evaluates its set, the first row belongs to the images
 * with which the first loop begins.
 *
 * @param outer index of the outer iteration, from 0
 * @param inner index of the inner loop within its outer iteration, from 0; {@value #BEFORE_ALL} in the row of the
 *     initial images
 * @param seconds wall time of the inner loop
 * @param matchingLoss mean matching loss of the matched classes, or NaN if there are none
 * @param trainLoss mean cross-entropy of the matching network in the training steps of the loop, in nats, or NaN if the
 *     network was not trained
 * @param workerSeconds time that all workers together spent on jobs of the loop
 * @param refreshed number of classes with new representatives
 * @param inertia k-means inertia (mean squared distance of the candidates to their centroids), averaged over the
 *     classes with new representatives, or NaN if nothing was clustered
 * @param elapsed time since the start of the run, without evaluations and interruptions
 * @param accuracy accuracy of a network that was trained on the images after the loop, in [0, 1], or NaN if they were
 *     not evaluated
 */
public record HistoryRow(
        int outer,
        int inner,
        double seconds,
        double matchingLoss,
        double trainLoss,
        double workerSeconds,
        int skipped,
        int refreshed,
        double inertia,
        double elapsed,
        double accuracy) {

    /** The index that stands for the time before the first inner loop. */
    static final int BEFORE_ALL = -1;

    /** The first line of the file. */
    public static final String HEADER =
            "outer,inner,seconds,matching_loss,train_loss,worker_seconds,skipped,refreshed,inertia,elapsed,accuracy";

    private static final int FIELDS = 11;

    /** Reads the complete rows of a file in order, and ignores a last row that a crash cut off. */
    public static List<HistoryRow> read(Path file) throws IOException {
        String[] lines = Files.readString(file, StandardCharsets.UTF_8).split("\n", -1);
        return Arrays.stream(lines)
                .limit(lines.length - 1L) // what follows the last line break is cut off
                .flatMap(line -> parse(line).stream())
                .toList();
    }

    static String table(List<HistoryRow> rows) {
        return Stream.concat(Stream.of(HEADER), rows.stream().map(HistoryRow::toLine))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    static HistoryRow ofInitialImages(double elapsed, double accuracy) {
        return new HistoryRow(
                0, BEFORE_ALL, elapsed, Double.NaN, Double.NaN, Double.NaN, 0, 0, Double.NaN, elapsed, accuracy);
    }

    HistoryRow evaluated(double measured) {
        return new HistoryRow(
                outer,
                inner,
                seconds,
                matchingLoss,
                trainLoss,
                workerSeconds,
                skipped,
                refreshed,
                inertia,
                elapsed,
                measured);
    }

    /**
     * Returns whether this row was written before a run was at the given position; that of the initial images is
     * written when the run is at its start.
     */
    boolean isBefore(int thatOuter, int thatInner) {
        return outer < thatOuter || (outer == thatOuter && Math.max(inner, 0) < thatInner);
    }

    String toLine() {
        return String.join(
                ",",
                Integer.toString(outer),
                Integer.toString(inner),
                rounded(seconds),
                Float.toString((float) matchingLoss),
                Float.toString((float) trainLoss),
                rounded(workerSeconds),
                Integer.toString(skipped),
                Integer.toString(refreshed),
                Float.toString((float) inertia),
                rounded(elapsed),
                Float.toString((float) accuracy));
    }

    private static String rounded(double seconds) {
        return Double.toString(Double.isNaN(seconds) ? seconds : Math.round(seconds * 1e6) / 1e6);
    }

    private static Optional<HistoryRow> parse(String line) {
        String[] fields = line.strip().split(",", -1);
        if (fields.length != FIELDS || line.startsWith("outer")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new HistoryRow(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    Double.parseDouble(fields[2]),
                    Double.parseDouble(fields[3]),
                    Double.parseDouble(fields[4]),
                    Double.parseDouble(fields[5]),
                    Integer.parseInt(fields[6]),
                    Integer.parseInt(fields[7]),
                    Double.parseDouble(fields[8]),
                    Double.parseDouble(fields[9]),
                    Double.parseDouble(fields[10])));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
