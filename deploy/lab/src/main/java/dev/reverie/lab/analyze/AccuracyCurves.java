package dev.reverie.lab.analyze;

import dev.reverie.lab.analyze.Figure.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The accuracy of several runs as a function of the number of completed inner loops. */
record AccuracyCurves(List<RunCurve> runs) {

    private static final double PERCENT = 100;

    AccuracyCurves {
        runs = List.copyOf(runs);
    }

    /**
     * The accuracy curve of one run.
     *
     * @param points the points in order of inner loops; the last one belongs to the final set
     */
    record RunCurve(RunVariant variant, long seed, List<Point> points) {

        RunCurve {
            points = List.copyOf(points);
        }
    }

    /**
     * The accuracy of one distilled set.
     *
     * @param loops number of inner loops completed before the set was taken
     * @param accuracy a fraction in [0, 1]
     */
    record Point(int loops, double accuracy) {}

    /** Evaluates the runs of all variants and returns their curves, ordered by variant, then by seed. */
    static AccuracyCurves of(List<RunVariant> variants, AnalysisRuns runs) throws IOException {
        List<RunCurve> curves = new ArrayList<>();
        for (RunVariant variant : variants) {
            for (long seed : runs.settings().seeds()) {
                List<Point> points = new ArrayList<>();
                for (int outer : runs.settings().evaluatedIterations()) {
                    int loops = outer * runs.settings().innerLoops();
                    points.add(new Point(loops, runs.accuracy(variant.of(seed), outer)));
                }
                curves.add(new RunCurve(variant, seed, points));
            }
        }
        return new AccuracyCurves(curves);
    }

    /** Returns one series per variant, in percent, with the mean and the standard deviation over the seeds. */
    List<Series> series() {
        return names().stream().map(name -> curve(name).series(name, PERCENT)).toList();
    }

    /** Returns one line with the mean final accuracy of each variant. */
    String summary() {
        return names().stream()
                .map(name -> "%s %.1f %%"
                        .formatted(name, PERCENT * curve(name).last().mean()))
                .collect(Collectors.joining(", "));
    }

    private List<String> names() {
        return runs.stream().map(run -> run.variant().name()).distinct().toList();
    }

    private CurveStatistics curve(String variant) {
        CurveStatistics curve = new CurveStatistics();
        runs.stream()
                .filter(run -> run.variant().name().equals(variant))
                .flatMap(run -> run.points().stream())
                .forEach(point -> curve.add(point.loops(), point.accuracy()));
        return curve;
    }
}
