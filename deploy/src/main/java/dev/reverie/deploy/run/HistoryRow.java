package dev.reverie.deploy.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The row of one inner loop in {@code history.csv}.
 *
 * @param outer index of the outer iteration, from 0
 * @param inner index of the inner loop within its outer iteration, from 0
 * @param seconds wall time of the inner loop
 * @param matchingLoss mean matching loss of the matched classes, or NaN if there are none
 * @param trainLoss mean cross-entropy of the matching network in the training steps of the loop, in nats, or NaN if the
 *     network was not trained
 * @param workerSeconds part of {@code seconds} spent inside the worker
 * @param skipped number of skipped class steps
 * @param refreshed number of classes with new representatives
 * @param inertia k-means inertia (sum of the squared distances of the candidates to their centroids), averaged over the
 *     classes with new representatives, or NaN if there are none
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
        double inertia) {

    /** The first line of the file. */
    public static final String HEADER =
            "outer,inner,seconds,matching_loss,train_loss,worker_seconds,skipped,refreshed,inertia";

    private static final int FIELDS = 9;

    /** Reads the complete rows of a file in order, and ignores a last row that a crash cut off. */
    public static List<HistoryRow> read(Path file) throws IOException {
        List<HistoryRow> rows = new ArrayList<>();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
            parse(line).ifPresent(rows::add);
        }
        return List.copyOf(rows);
    }

    /** Formats a file that contains the given rows. */
    static String table(List<HistoryRow> rows) {
        return Stream.concat(Stream.of(HEADER), rows.stream().map(HistoryRow::toLine))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns whether this loop is before the given position of a run. */
    boolean isBefore(int thatOuter, int thatInner) {
        return outer < thatOuter || (outer == thatOuter && inner < thatInner);
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
                Float.toString((float) inertia));
    }

    private static String rounded(double seconds) {
        return Double.toString(Math.round(seconds * 1e6) / 1e6);
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
                    Double.parseDouble(fields[8])));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
