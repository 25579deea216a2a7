package dev.reverie.lab.report;

import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunManifest;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.lab.report.Comparison.SetAccuracy;
import dev.reverie.lab.report.ReportPage.Curve;
import dev.reverie.lab.report.ReportPage.Gain;
import dev.reverie.lab.report.ReportPage.Picture;
import dev.reverie.lab.report.ReportPage.Row;
import dev.reverie.lab.report.ReportPage.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The HTML report of a demo: the accuracies and images of all sets, and the learning curves and settings of the run
 * that made the distilled set.
 *
 * @param run the manifest of the run that made the distilled set
 * @param comparison the accuracies of all sets
 * @param evaluation evaluation settings for the distilled set; the number of repeats and the width are the same for all
 *     sets
 * @param steps number of gradient steps for which each evaluation network is trained, before it is rounded to whole
 *     epochs
 * @param history the history of the run that made the distilled set
 * @param pictures PNG files of the stored images, by method
 */
public record DemoReport(
        RunManifest run,
        Comparison comparison,
        EvaluationSettings evaluation,
        int steps,
        List<HistoryRow> history,
        Map<Method, Path> pictures) {

    private static final double PERCENT = 100;
    private static final int TICKS = 4;

    /** Length of the date at the beginning of an ISO 8601 time. */
    private static final int DATE_LENGTH = "2026-01-01".length();

    public DemoReport {
        history = List.copyOf(history);
        pictures = Map.copyOf(pictures);
    }

    /**
     * Writes the page.
     *
     * @throws IOException if a picture cannot be read or the page cannot be written
     */
    public void writeTo(Path file) throws IOException {
        String html = page().toHtml();
        AtomicFile.write(file, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
    }

    private ReportPage page() throws IOException {
        ChartAxis axis = accuracyAxis();
        return new ReportPage(
                run.dataset().name() + " in " + Plural.of(storedImages(), "image"),
                summary(),
                evaluationText(),
                gains(),
                axis.label(axis.low()),
                axis.label(axis.high()),
                comparison.accuracies().stream()
                        .map(accuracy -> row(accuracy, axis))
                        .toList(),
                pictures(List.of(run.settings().method(), Method.TILE)),
                pictures(List.of(Method.RANDOM, Method.HERDING, Method.K_CENTER)),
                curves(),
                settings(),
                run.versions().reverie(),
                run.ended().substring(0, DATE_LENGTH));
    }

    private int storedImages() {
        return run.dataset().classes() * run.settings().ipc();
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "%,d training images were distilled into %s per class in %s, over %s.",
                run.dataset().trainImages(),
                Plural.of(run.settings().ipc(), "stored image"),
                duration(run.totals().seconds()),
                Plural.of(run.totals().innerLoops(), "inner loop"));
    }

    private String evaluationText() {
        String networks = evaluation.repeats() == 1
                ? "one fresh ConvNet of width %d".formatted(evaluation.width())
                : "%d fresh ConvNets of width %d (mean ± standard deviation)"
                        .formatted(evaluation.repeats(), evaluation.width());
        return String.format(
                Locale.ROOT,
                "Accuracy of %s, trained on the set alone for about %,d gradient steps, on %,d real test images."
                        + " Every set stores %s per class.",
                networks,
                steps,
                run.dataset().testImages(),
                Plural.of(run.settings().ipc(), "image"));
    }

    private List<Gain> gains() {
        List<Gain> gains = new ArrayList<>();
        SetAccuracy distilled = comparison.distilled();
        gains.add(new Gain(
                distilled.text() + " %",
                "test accuracy of " + distilled.method().label()));
        comparison
                .bestCoreset()
                .ifPresent(best -> gains.add(new Gain(
                        points(comparison.gainOver(best)),
                        "points over the best coreset, " + best.method().label())));
        comparison
                .initialImages()
                .ifPresent(start ->
                        gains.add(new Gain(points(comparison.gainOver(start)), "points over its initial images")));
        return gains;
    }

    private ChartAxis accuracyAxis() {
        double smallest = comparison.accuracies().stream()
                .mapToDouble(accuracy -> PERCENT * (accuracy.mean() - accuracy.std()))
                .min()
                .orElseThrow();
        double largest = comparison.accuracies().stream()
                .mapToDouble(accuracy -> PERCENT * (accuracy.mean() + accuracy.std()))
                .max()
                .orElseThrow();
        return ChartAxis.over(smallest, largest, TICKS);
    }

    private Row row(SetAccuracy accuracy, ChartAxis axis) {
        double dot = PERCENT * axis.position(PERCENT * accuracy.mean());
        double left = PERCENT * axis.position(PERCENT * (accuracy.mean() - accuracy.std()));
        return new Row(
                accuracy.method().label(),
                accuracy.equals(comparison.distilled()),
                accuracy.text(),
                number(dot),
                number(left),
                number(2 * (dot - left)),
                Comparison.madeOf(accuracy.method()));
    }

    private List<Picture> pictures(List<Method> methods) throws IOException {
        List<Picture> existing = new ArrayList<>();
        for (Method method : methods) {
            Path file = pictures.get(method);
            if (file != null) {
                String data = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
                existing.add(new Picture(
                        "data:image/png;base64," + data, method.label() + ": " + Comparison.madeOf(method)));
            }
        }
        return existing;
    }

    private List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        addCurve(
                curves,
                "matching loss",
                "Matching loss: the distance between the gradients of synthetic and real images.",
                HistoryRow::matchingLoss);
        addCurve(
                curves,
                "training loss",
                "Loss of the matching network on real images, in nats.",
                HistoryRow::trainLoss);
        return curves;
    }

    private void addCurve(List<Curve> curves, String title, String caption, ToDoubleFunction<HistoryRow> value) {
        String svg = new LineChart(
                        title,
                        "inner loop",
                        history.stream().mapToDouble(value).boxed().toList())
                .toSvg();
        if (!svg.isEmpty()) {
            curves.add(new Curve(svg, caption));
        }
    }

    private List<Setting> settings() {
        DistillationSettings settings = run.settings();
        return List.of(
                new Setting(
                        "dataset", run.dataset().name() + ", " + run.dataset().shape()),
                new Setting("stored per class", Plural.of(settings.ipc(), "image")),
                new Setting(
                        "multi-formation",
                        "each stored image decodes to "
                                + Plural.of((long) settings.factor() * settings.factor(), "training image")),
                new Setting(
                        "network",
                        "ConvNet-" + settings.network().depth() + ", width "
                                + settings.network().width()),
                new Setting(
                        "matching",
                        settings.matching().distance().label() + ", image learning rate "
                                + settings.matching().learningRate() + ", "
                                + settings.matching().augmentation()),
                new Setting(
                        "representatives",
                        settings.representatives().count() + " per class, chosen again after "
                                + Plural.of(settings.representatives().interval(), "inner loop")),
                new Setting("seed", Long.toString(settings.seed())),
                new Setting("time", duration(run.totals().seconds())),
                new Setting(
                        "machine",
                        Plural.of(run.machine().cores(), "core") + ", "
                                + run.machine().device()),
                new Setting("files", run.files().set()));
    }

    private static String duration(double seconds) {
        return seconds < 60
                ? Plural.of(Math.round(seconds), "second")
                : String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
    }

    private static String points(double gain) {
        return String.format(Locale.ROOT, "%+.1f", gain);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
