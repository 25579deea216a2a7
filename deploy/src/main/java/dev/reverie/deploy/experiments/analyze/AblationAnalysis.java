package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.AccuracyCurves.Course;
import dev.reverie.deploy.experiments.analyze.AccuracyCurves.Point;
import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * DREAM's two parts, representatives and initialisation, each with and without the other, and how soon each gets as far
 * as IDC in the end, which has neither (DREAM, table 3).
 */
final class AblationAnalysis implements Analysis {

    private static final String IDC = "idc";
    private static final String DREAM = "dream";

    private record Part(RunVariant variant, boolean initialisation, boolean representatives) {}

    private static List<Part> parts(AnalysisSettings study) {
        return List.of(
                new Part(new RunVariant(IDC, study::random), false, false),
                new Part(
                        new RunVariant(
                                "idc + initialisation",
                                seed -> study.dream(Initialiser.K_MEANS, SelectionRule.RANDOM, seed)),
                        true,
                        false),
                new Part(
                        new RunVariant(
                                "idc + representatives",
                                seed -> study.dream(Initialiser.RANDOM, SelectionRule.K_MEANS, seed)),
                        false,
                        true),
                new Part(new RunVariant(DREAM, study::dream), true, true));
    }

    private static List<RunVariant> variants(AnalysisSettings study) {
        return parts(study).stream().map(Part::variant).toList();
    }

    @Override
    public List<DistillationSettings> runs(AnalysisSettings study) {
        return RunVariant.runs(variants(study), study).toList();
    }

    @Override
    public List<AccuracyTask> exams(AnalysisSettings study) {
        return AccuracyCurves.exams(variants(study), study);
    }

    @Override
    public AnalysisResult findings(RunCache laboratory) throws IOException {
        AnalysisSettings study = laboratory.study();
        AccuracyCurves curves = AccuracyCurves.of(variants(study), laboratory);
        CsvTable table = CsvTable.of(
                "variant", "initialisation", "representatives", "seed", "loops", "accuracy", "first_as_good_as_idc");
        for (Part part : parts(study)) {
            runsOf(part.variant().name(), curves).forEach(course -> {
                Optional<Point> first = asGoodAsIdc(course, curves);
                course.points()
                        .forEach(point -> table.add(
                                part.variant().name(),
                                said(part.initialisation()),
                                said(part.representatives()),
                                course.seed(),
                                point.loops(),
                                point.accuracy(),
                                said(first.equals(Optional.of(point)))));
            });
        }
        Figure figure = new Figure(
                "Accuracy with DREAM's parts and without",
                "inner loops",
                "accuracy (%)",
                Scale.LINEAR,
                curves.series());
        return new AnalysisResult(table, figure, curves.said() + "; " + saved(curves));
    }

    private static String said(boolean so) {
        return so ? "yes" : "no";
    }

    private static Stream<Course> runsOf(String variant, AccuracyCurves curves) {
        return curves.courses().stream()
                .filter(course -> course.variant().name().equals(variant));
    }

    /** The first set as good as the one that IDC ends with for the same seed, if there is one. */
    private static Optional<Point> asGoodAsIdc(Course course, AccuracyCurves curves) {
        double reached = runsOf(IDC, curves)
                .filter(idc -> idc.seed() == course.seed())
                .findFirst()
                .orElseThrow()
                .points()
                .getLast()
                .accuracy();
        return course.points().stream()
                .filter(point -> point.accuracy() >= reached)
                .findFirst();
    }

    private static String saved(AccuracyCurves curves) {
        return runsOf(DREAM, curves)
                .map(course -> asGoodAsIdc(course, curves)
                        .map(point -> "dream is as good as idc in the end after " + point.loops() + " inner loops of "
                                + course.points().getLast().loops())
                        .orElse("dream never gets as far as idc"))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
