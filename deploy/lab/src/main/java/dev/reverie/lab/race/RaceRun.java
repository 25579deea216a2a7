package dev.reverie.lab.race;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A run in a race: its accuracies, and what it distilled.
 *
 * @param seed seed of the run; empty if its manifest is missing
 * @param configuration dataset and all settings except the seed, as text; empty if the manifest is missing
 * @param network size and training steps of the networks that measured the accuracies, as text; empty if the manifest
 *     does not contain them
 * @param points accuracies in order of time, at least one
 */
public record RaceRun(
        String name,
        Path folder,
        Optional<Long> seed,
        Optional<String> configuration,
        Optional<String> network,
        List<Point> points) {

    private static final char SEPARATOR = '=';

    /** Characters that would change the meaning of a line of {@code race.csv}. */
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[,\"\\p{Cc}]");

    /** The accuracy of a run at a number of seconds since its start, without evaluations. */
    public record Point(double seconds, double accuracy) {}

    public RaceRun {
        points = List.copyOf(points);
    }

    /** Reads a run from {@code FOLDER} or {@code NAME=FOLDER}; without a name, it is named after its method. */
    public static RaceRun read(String argument) {
        int separator = argument.indexOf(SEPARATOR);
        boolean named = separator > 0 && !Files.isDirectory(Path.of(argument));
        String path = named ? argument.substring(separator + 1) : argument;
        if (path.isBlank()) {
            throw new InputException("'" + argument + "' names no folder: write FOLDER or NAME=FOLDER");
        }
        RunFolder folder = new RunFolder(Path.of(path));
        if (!Files.isDirectory(folder.path())) {
            throw new InputException("there is no folder " + folder.path() + ": correct its name");
        }
        Optional<JsonNode> manifest = RunFolder.manifestOf(folder.set());
        Optional<String> method =
                manifest.map(each -> each.at("/settings/method").asText()).filter(text -> !text.isEmpty());
        String name = named
                ? argument.substring(0, separator)
                : method.orElseThrow(() -> new InputException(
                        folder.path() + " has no run.json that names its method: write NAME=" + folder.path()));
        if (NOT_IN_NAMES.matcher(name).find()) {
            throw new InputException("the name " + SafeExcerpt.quoted(name)
                    + " contains a comma, a quotation mark or a control character: choose another name");
        }
        return new RaceRun(
                name,
                folder.path(),
                manifest.map(each -> each.at("/settings/seed"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::longValue),
                manifest.flatMap(RaceRun::configuration),
                manifest.map(each -> each.get("evaluation")).map(RaceRun::network),
                points(folder));
    }

    /** What makes two runs repeats of each other; the number of outer iterations only says when they may end. */
    private static Optional<String> configuration(JsonNode manifest) {
        if (!(manifest.deepCopy().get("settings") instanceof ObjectNode settings)) {
            return Optional.empty();
        }
        settings.remove("seed");
        if (settings.get("schedule") instanceof ObjectNode schedule) {
            schedule.remove("outer_iterations");
        }
        return Optional.of(manifest.get("dataset") + " " + settings);
    }

    private static String network(JsonNode evaluation) {
        return Stream.of("width", "depth", "steps")
                .map(key -> key + " " + evaluation.path(key).asText())
                .collect(joining(", "));
    }

    private static List<Point> points(RunFolder folder) {
        if (!Files.isRegularFile(folder.history())) {
            throw new InputException(
                    folder.path() + " contains no history.csv: name the folder that was the --out of a distill run");
        }
        List<Point> points;
        try {
            points = HistoryRow.read(folder.history()).stream()
                    .filter(row -> Double.isFinite(row.accuracy()) && Double.isFinite(row.elapsed()))
                    .map(row -> new Point(row.elapsed(), row.accuracy()))
                    .toList();
        } catch (IOException e) {
            throw new InputException(folder.history() + " cannot be read (" + e.getMessage() + ")");
        }
        if (points.isEmpty()) {
            throw new InputException(folder.history()
                    + " contains no accuracies: distil with --evaluate-every, for example --evaluate-every 30s");
        }
        return points;
    }

    /** Returns the accuracy at a time between the first and the last point, interpolated linearly. */
    double at(double seconds) {
        Point before = points.getFirst();
        for (Point point : points) {
            if (point.seconds() >= seconds) {
                double span = point.seconds() - before.seconds();
                double share = span > 0 ? (seconds - before.seconds()) / span : 1;
                return before.accuracy() + share * (point.accuracy() - before.accuracy());
            }
            before = point;
        }
        return before.accuracy();
    }
}
