package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Scale;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.select.Selection;
import java.io.IOException;
import java.util.List;

/**
 * Accuracy as the images are learned from random, central, boundary and representative real images, which they begin as
 * too (DREAM, figure 2b).
 */
final class Sampling implements Analysis {

    private static List<Variant> variants(Study study) {
        return List.of(
                new Variant("random", study::random),
                new Variant("central", seed -> study.dream(Initialiser.CENTRAL, Selection.CENTRAL, seed)),
                new Variant("boundary", seed -> study.dream(Initialiser.BOUNDARY, Selection.BOUNDARY, seed)),
                new Variant("dream", study::dream));
    }

    @Override
    public List<DistillationSettings> runs(Study study) {
        return Variant.runs(variants(study), study).toList();
    }

    @Override
    public List<Exam> exams(Study study) {
        return AccuracyCurves.exams(variants(study), study);
    }

    @Override
    public Findings findings(Laboratory laboratory) throws IOException {
        AccuracyCurves curves = AccuracyCurves.of(variants(laboratory.study()), laboratory);
        Table table = Table.of("selection", "seed", "loops", "accuracy");
        curves.courses().forEach(course -> course.points()
                .forEach(point -> table.add(course.variant().name(), course.seed(), point.loops(), point.accuracy())));
        Figure figure = new Figure(
                "Accuracy by the choice of real images", "inner loops", "accuracy (%)", Scale.LINEAR, curves.series());
        return new Findings(table, figure, curves.said());
    }
}
