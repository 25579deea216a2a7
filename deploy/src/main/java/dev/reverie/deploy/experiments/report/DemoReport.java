package dev.reverie.deploy.experiments.report;

import dev.reverie.deploy.experiments.report.ReportPage.Curve;
import dev.reverie.deploy.experiments.report.ReportPage.Gain;
import dev.reverie.deploy.experiments.report.ReportPage.Picture;
import dev.reverie.deploy.experiments.report.ReportPage.Row;
import dev.reverie.deploy.experiments.report.ReportPage.Setting;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunManifest;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
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
 * Tells on one page what a set was learned from, how, and what it is worth.
 *
 * @param run of the learned set
 * @param comparison the learned set first
 * @param evaluation by which all sets were judged; epochs vary with the size of the set, steps do not
 * @param steps gradient steps of each training
 * @param history of the learned set
 * @param pictures PNG files of the stored images by the method that made them
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

    /** Length of the date in an ISO 8601 time. */
    private static final int DATE = "2026-01-01".length();

    public DemoReport {
        history = List.copyOf(history);
        pictures = Map.copyOf(pictures);
    }

    /**
     * Writes the page.
     *
     * @throws IOException if a picture cannot be read, or the page not written
     */
    public void writeTo(Path file) throws IOException {
        String html = page().toHtml();
        AtomicFile.write(file, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
    }

    private ReportPage page() throws IOException {
        ChartAxis axis = accuracyAxis();
        return new ReportPage(
                "%s in %d images".formatted(run.dataset().name(), storedImages()),
                summary(),
                evaluationInWords(),
                gains(),
                axis.label(axis.low()),
                axis.label(axis.high()),
                comparison.scores().stream().map(score -> row(score, axis)).toList(),
                pictures(List.of(run.settings().method(), Method.TILE)),
                pictures(List.of(Method.RANDOM, Method.HERDING, Method.K_CENTER)),
                curves(),
                settings(),
                run.versions().reverie(),
                run.ended().substring(0, DATE));
    }

    private int storedImages() {
        return run.dataset().classes() * run.settings().ipc();
    }

    private String summary() {
        return "%,d training images were distilled into %d stored images per class in %s, over %d inner loop%s."
                .formatted(
                        run.dataset().trainImages(),
                        run.settings().ipc(),
                        minutes(run.totals().seconds()),
                        run.totals().innerLoops(),
                        run.totals().innerLoops() == 1 ? "" : "s");
    }

    private String evaluationInWords() {
        String networks = evaluation.repeats() == 1
                ? "one fresh ConvNet of width %d".formatted(evaluation.width())
                : "%d fresh ConvNets of width %d (mean ± standard deviation)"
                        .formatted(evaluation.repeats(), evaluation.width());
        return String.format(
                Locale.ROOT,
                "Accuracy of %s, trained on nothing but the set for %,d gradient steps, on %,d real test images."
                        + " All sets store %d images per class.",
                networks,
                steps,
                run.dataset().testImages(),
                run.settings().ipc());
    }

    private List<Gain> gains() {
        List<Gain> gains = new ArrayList<>();
        SetScore learned = comparison.learned();
        gains.add(new Gain(
                ComparisonTable.accuracy(learned) + " %",
                "test accuracy of " + learned.method().label()));
        comparison
                .bestCoreset()
                .ifPresent(best -> gains.add(new Gain(
                        points(comparison.gainOver(best)),
                        "points over the best coreset, " + best.method().label())));
        comparison
                .start()
                .ifPresent(start -> gains.add(
                        new Gain(points(comparison.gainOver(start)), "points over the images it started from")));
        return gains;
    }

    private ChartAxis accuracyAxis() {
        double least = comparison.scores().stream()
                .mapToDouble(score -> PERCENT * (score.mean() - score.std()))
                .min()
                .orElseThrow();
        double most = comparison.scores().stream()
                .mapToDouble(score -> PERCENT * (score.mean() + score.std()))
                .max()
                .orElseThrow();
        return ChartAxis.over(least, most, TICKS);
    }

    private Row row(SetScore score, ChartAxis axis) {
        double dot = PERCENT * axis.position(PERCENT * score.mean());
        double left = PERCENT * axis.position(PERCENT * (score.mean() - score.std()));
        return new Row(
                score.method().label(),
                score.equals(comparison.learned()),
                ComparisonTable.accuracy(score),
                number(dot),
                number(left),
                number(2 * (dot - left)),
                ComparisonTable.madeOf(score.method()));
    }

    private List<Picture> pictures(List<Method> methods) throws IOException {
        List<Picture> found = new ArrayList<>();
        for (Method method : methods) {
            Path file = pictures.get(method);
            if (file != null) {
                String data = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
                found.add(new Picture(
                        "data:image/png;base64," + data, method.label() + ": " + ComparisonTable.madeOf(method)));
            }
        }
        return found;
    }

    private List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        addCurve(
                curves,
                "matching loss",
                "Matching loss: how far synthetic and real gradients are apart",
                HistoryRow::matchingLoss);
        addCurve(
                curves, "training loss", "Loss of the matching network on real images, in nats", HistoryRow::trainLoss);
        return curves;
    }

    private void addCurve(List<Curve> curves, String title, String caption, ToDoubleFunction<HistoryRow> value) {
        LineChart chart = new LineChart(
                title, "inner loop", history.stream().mapToDouble(value).boxed().toList());
        if (!chart.toSvg().isEmpty()) {
            curves.add(new Curve(chart.toSvg(), caption + "."));
        }
    }

    private List<Setting> settings() {
        DistillationSettings settings = run.settings();
        return List.of(
                new Setting(
                        "dataset", run.dataset().name() + ", " + run.dataset().shape()),
                new Setting("stored per class", settings.ipc() + " images"),
                new Setting(
                        "multi-formation",
                        "each decodes to " + settings.factor() * settings.factor() + " training images"),
                new Setting(
                        "network",
                        "ConvNet-" + settings.network().depth() + ", width "
                                + settings.network().width()),
                new Setting(
                        "matching",
                        settings.matching().distance().name().toLowerCase(Locale.ROOT) + ", image learning rate "
                                + settings.matching().learningRate() + ", "
                                + settings.matching().augmentation()),
                new Setting(
                        "representatives",
                        settings.representatives().count() + " per class, chosen anew every "
                                + settings.representatives().interval() + " inner loops"),
                new Setting("seed", Long.toString(settings.seed())),
                new Setting("time", minutes(run.totals().seconds())),
                new Setting(
                        "machine",
                        run.machine().cores() + " cores, " + run.machine().device()),
                new Setting("files", run.files().set()));
    }

    private static String minutes(double seconds) {
        return seconds < 60
                ? Math.round(seconds) + " seconds"
                : String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
    }

    private static String points(double gain) {
        return String.format(Locale.ROOT, "%+.1f", gain);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
