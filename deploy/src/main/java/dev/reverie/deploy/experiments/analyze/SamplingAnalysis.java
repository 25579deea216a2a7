package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.SelectionRule;
import java.io.IOException;
import java.util.List;

/**
 * Accuracy as the images are learned from random, central, boundary and representative real images, which they begin as
 * too (DREAM, figure 2b).
 */
final class SamplingAnalysis implements Analysis {

    private static List<RunVariant> variants(AnalysisSettings study) {
        return List.of(
                new RunVariant("random", study::random),
                new RunVariant("central", seed -> study.dream(Initialiser.CENTRAL, SelectionRule.CENTRAL, seed)),
                new RunVariant("boundary", seed -> study.dream(Initialiser.BOUNDARY, SelectionRule.BOUNDARY, seed)),
                new RunVariant("dream", study::dream));
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
        AccuracyCurves curves = AccuracyCurves.of(variants(laboratory.study()), laboratory);
        CsvTable table = CsvTable.of("selection", "seed", "loops", "accuracy");
        curves.courses().forEach(course -> course.points()
                .forEach(point -> table.add(course.variant().name(), course.seed(), point.loops(), point.accuracy())));
        Figure figure = new Figure(
                "Accuracy by the choice of real images", "inner loops", "accuracy (%)", Scale.LINEAR, curves.series());
        return new AnalysisResult(table, figure, curves.said());
    }
}
