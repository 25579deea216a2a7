package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The accuracy of several variants at every mark of their runs. */
record AccuracyCurves(List<Course> courses) {

    private static final double PERCENT = 100;

    AccuracyCurves {
        courses = List.copyOf(courses);
    }

    /**
     * One run.
     *
     * @param points in order, the last one of the set that it ends with
     */
    record Course(RunVariant variant, long seed, List<Point> points) {

        Course {
            points = List.copyOf(points);
        }
    }

    /**
     * One set.
     *
     * @param loops inner loops done by then
     * @param accuracy as a fraction
     */
    record Point(int loops, double accuracy) {}

    static List<AccuracyTask> exams(List<RunVariant> variants, AnalysisSettings study) {
        return RunVariant.runs(variants, study)
                .flatMap(run -> study.marks().stream().map(outer -> new AccuracyTask(run, outer)))
                .toList();
    }

    /** Variant by variant, seed by seed. */
    static AccuracyCurves of(List<RunVariant> variants, RunCache laboratory) throws IOException {
        List<Course> courses = new ArrayList<>();
        for (RunVariant variant : variants) {
            for (long seed : laboratory.study().seeds()) {
                List<Point> points = new ArrayList<>();
                for (int outer : laboratory.study().marks()) {
                    AccuracyTask exam = new AccuracyTask(variant.of(seed), outer);
                    points.add(new Point(exam.loops(), laboratory.accuracy(exam)));
                }
                courses.add(new Course(variant, seed, points));
            }
        }
        return new AccuracyCurves(courses);
    }

    /** Percent, one a variant. */
    List<Series> series() {
        return names().stream().map(name -> curve(name).series(name, PERCENT)).toList();
    }

    /** The mean of each variant in the end. */
    String said() {
        return names().stream()
                .map(name -> "%s %.1f %%"
                        .formatted(name, PERCENT * curve(name).last().mean()))
                .collect(Collectors.joining(", "));
    }

    private List<String> names() {
        return courses.stream()
                .map(course -> course.variant().name())
                .distinct()
                .toList();
    }

    private CurveStatistics curve(String variant) {
        CurveStatistics curve = new CurveStatistics();
        courses.stream()
                .filter(course -> course.variant().name().equals(variant))
                .flatMap(course -> course.points().stream())
                .forEach(point -> curve.add(point.loops(), point.accuracy()));
        return curve;
    }
}
