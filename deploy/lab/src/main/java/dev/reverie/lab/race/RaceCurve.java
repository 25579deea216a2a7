package dev.reverie.lab.race;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The accuracy of runs that differ only in their seed.
 *
 * @param points mean and standard deviation over the runs, in order of time
 */
public record RaceCurve(String name, int runs, List<Point> points) {

    public record Point(double seconds, MeanAndStd accuracy) {}

    public RaceCurve {
        points = List.copyOf(points);
    }

    /**
     * Combines runs into curves, in the order in which the curves are first named.
     *
     * @throws InputException if the runs of a curve are no repeats of each other, or different networks were trained to
     *     measure the accuracies
     */
    public static List<RaceCurve> of(List<RaceRun> runs) {
        requireSameNetwork(runs);
        Map<String, List<RaceRun>> byName = new LinkedHashMap<>();
        runs.forEach(run ->
                byName.computeIfAbsent(run.name(), _ -> new ArrayList<>()).add(run));
        return byName.values().stream().map(RaceCurve::ofRepeats).toList();
    }

    private static void requireSameNetwork(List<RaceRun> runs) {
        List<RaceRun> known =
                runs.stream().filter(run -> run.network().isPresent()).toList();
        for (RaceRun run : known) {
            RaceRun first = known.getFirst();
            if (!run.network().equals(first.network())) {
                throw new InputException(first.folder() + " was evaluated with "
                        + first.network().orElseThrow() + ", and " + run.folder() + " with "
                        + run.network().orElseThrow()
                        + ": distil all runs with the same --evaluate-width and --evaluate-steps");
            }
        }
    }

    private static RaceCurve ofRepeats(List<RaceRun> runs) {
        for (int later = 1; later < runs.size(); later++) {
            for (RaceRun earlier : runs.subList(0, later)) {
                requireRepeat(earlier, runs.get(later));
            }
        }
        return new RaceCurve(runs.getFirst().name(), runs.size(), points(runs));
    }

    private static void requireRepeat(RaceRun first, RaceRun other) {
        String both = first.folder() + " and " + other.folder() + " are both named " + first.name();
        String apart = ": name them apart, for example " + first.name() + "-1=" + first.folder() + " " + first.name()
                + "-2=" + other.folder();
        if (bothSet(first.configuration(), other.configuration())
                && !first.configuration().equals(other.configuration())) {
            throw new InputException(both + ", but have different settings" + apart);
        }
        if (bothSet(first.seed(), other.seed()) && first.seed().equals(other.seed())) {
            throw new InputException(both + " and have the same seed, so they are no independent repeats" + apart);
        }
    }

    private static <T> boolean bothSet(Optional<T> one, Optional<T> other) {
        return one.isPresent() && other.isPresent();
    }

    /**
     * Averages the runs at each time at which any of them was evaluated, as long as all of them run. Runs with a single
     * accuracy, such as those of a coreset, give a single point.
     */
    private static List<Point> points(List<RaceRun> runs) {
        if (runs.stream().allMatch(run -> run.points().size() == 1)) {
            return List.of(new Point(
                    runs.stream()
                            .mapToDouble(run -> run.points().getFirst().seconds())
                            .average()
                            .orElseThrow(),
                    MeanAndStd.of(runs.stream()
                            .map(run -> run.points().getFirst().accuracy())
                            .toList())));
        }
        double from = runs.stream()
                .mapToDouble(run -> run.points().getFirst().seconds())
                .max()
                .orElseThrow();
        double to = runs.stream()
                .mapToDouble(run -> run.points().getLast().seconds())
                .min()
                .orElseThrow();
        if (from > to) {
            throw new InputException("the runs named " + runs.getFirst().name()
                    + " were evaluated at times that do not overlap: let each run until the others have begun");
        }
        return times(runs)
                .filter(seconds -> seconds >= from && seconds <= to)
                .mapToObj(seconds -> new Point(
                        seconds,
                        MeanAndStd.of(runs.stream().map(run -> run.at(seconds)).toList())))
                .toList();
    }

    private static DoubleStream times(List<RaceRun> runs) {
        return runs.stream()
                .flatMap(run -> run.points().stream())
                .mapToDouble(RaceRun.Point::seconds)
                .sorted()
                .distinct();
    }
}
