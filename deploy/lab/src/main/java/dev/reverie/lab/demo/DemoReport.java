package dev.reverie.lab.demo;

import com.samskivert.mustache.Mustache;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunManifest;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.lab.demo.Comparison.SetAccuracy;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.ChartAxis;
import dev.reverie.lab.report.Percent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The HTML report of a demo, rendered with the template {@code report.html} into one self-contained page: the
 * accuracies and images of all sets, and the learning curves and settings of the run that made the distilled set. The
 * methods without parameters are the variables of the template, which escapes text.
 *
 * @param images the stored images of each set, as a PNG file in a data URI
 */
record DemoReport(
        RunManifest run, Comparison comparison, DemoPlan plan, List<HistoryRow> history, Map<Method, String> images) {

    private static final String TEMPLATE = "report.html";
    private static final int TICKS = 4;

    /** Length of the date at the beginning of an ISO 8601 time. */
    private static final int DATE_LENGTH = "2026-01-01".length();

    record Figure(String figure, String words) {}

    /** The row of one set in the table. The positions on the accuracy axis are in percent of its width. */
    record Row(
            String name,
            boolean learned,
            String accuracy,
            String dot,
            String whiskerLeft,
            String whiskerWidth,
            String madeOf) {}

    record Picture(String source, String caption) {}

    record Setting(String name, String value) {}

    static void write(DemoPlan plan, RunManifest run, Comparison comparison) throws IOException {
        Map<Method, String> images = new EnumMap<>(Method.class);
        for (SetAccuracy set : comparison.sets()) {
            byte[] png = Files.readAllBytes(plan.folder(set.method()).picture());
            images.put(set.method(), dataUri("image/png", png));
        }
        List<HistoryRow> history =
                HistoryRow.read(plan.folder(comparison.distilled().method()).history());
        plan.out().write(DemoPlan.REPORT, new DemoReport(run, comparison, plan, history, images).toHtml());
    }

    private String toHtml() throws IOException {
        try (InputStream stream = Objects.requireNonNull(
                        DemoReport.class.getResourceAsStream(TEMPLATE),
                        "the template report.html is missing from the class path");
                InputStreamReader template = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return Mustache.compiler().compile(template).execute(this);
        }
    }

    String title() {
        int stored = run.dataset().classes() * run.settings().ipc();
        return run.dataset().name() + " in " + Plural.of(stored, "image");
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%,d training images were distilled into %s per class in %s, over %s.",
                run.dataset().trainImages(),
                Plural.of(run.settings().ipc(), "stored image"),
                duration(),
                Plural.of(run.totals().innerLoops(), "inner loop"));
    }

    String evaluation() {
        String networks = plan.repeats() == 1
                ? "one fresh ConvNet of width %d".formatted(DemoPlan.EVALUATION_WIDTH)
                : "%d fresh ConvNets of width %d (mean ± standard deviation)"
                        .formatted(plan.repeats(), DemoPlan.EVALUATION_WIDTH);
        return String.format(
                Locale.ROOT,
                "Accuracy of %s, trained on the set alone for about %,d gradient steps, on %,d real test images."
                        + " Every set stores %s per class.",
                networks,
                plan.steps(),
                run.dataset().testImages(),
                Plural.of(run.settings().ipc(), "image"));
    }

    List<Figure> figures() {
        SetAccuracy distilled = comparison.distilled();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                Percent.text(distilled.accuracy()) + " %",
                "test accuracy of " + distilled.method().label()));
        comparison.gains().forEach(gain -> figures.add(new Figure(gain.text(), "points over " + gain.over())));
        return figures;
    }

    String axisLow() {
        return axis().label(axis().low());
    }

    String axisHigh() {
        return axis().label(axis().high());
    }

    private ChartAxis axis() {
        DoubleSummaryStatistics ends = comparison.sets().stream()
                .map(set -> Percent.of(set.accuracy()))
                .flatMapToDouble(
                        percent -> DoubleStream.of(percent.mean() - percent.std(), percent.mean() + percent.std()))
                .summaryStatistics();
        return ChartAxis.over(ends.getMin(), ends.getMax(), TICKS);
    }

    List<Row> rows() {
        return comparison.sets().stream().map(this::row).toList();
    }

    private Row row(SetAccuracy set) {
        MeanAndStd percent = Percent.of(set.accuracy());
        double dot = 100 * axis().position(percent.mean());
        double left = 100 * axis().position(percent.mean() - percent.std());
        return new Row(
                set.method().label(),
                set.equals(comparison.distilled()),
                Percent.text(set.accuracy()),
                number(dot),
                number(left),
                number(2 * (dot - left)),
                set.madeOf());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Returns pictures of the distilled set and of its initial images. */
    List<Picture> pictures() {
        return comparison.sets().stream().limit(2).map(this::picture).toList();
    }

    List<Picture> coresets() {
        return comparison.sets().stream().skip(2).map(this::picture).toList();
    }

    private Picture picture(SetAccuracy set) {
        return new Picture(images.getOrDefault(set.method(), ""), set.method().label() + ": " + set.madeOf());
    }

    /** Returns the learning curves, none for a run of fewer than two inner loops. */
    List<Picture> curves() {
        return Stream.of(
                        curve(
                                "Matching loss",
                                "the distance between the gradients of synthetic and real images",
                                HistoryRow::matchingLoss),
                        curve(
                                "Training loss",
                                "of the matching network on real images, in nats",
                                HistoryRow::trainLoss))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Picture> curve(String title, String meaning, ToDoubleFunction<HistoryRow> value) {
        List<BandChart.Point> points = IntStream.range(0, history.size())
                .mapToObj(loop ->
                        new BandChart.Point(loop + 1, new MeanAndStd(value.applyAsDouble(history.get(loop)), 0)))
                .filter(point -> Double.isFinite(point.y().mean()))
                .toList();
        if (points.size() < 2) {
            return Optional.empty();
        }
        String svg = BandChart.fromZero(title, "inner loop", "loss", List.of(BandChart.Series.curve("loss", points)))
                .toSvg();
        return Optional.of(
                new Picture(dataUri("image/svg+xml", svg.getBytes(StandardCharsets.UTF_8)), title + ": " + meaning));
    }

    private static String dataUri(String type, byte[] content) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
    }

    boolean hasCurves() {
        return !curves().isEmpty();
    }

    List<Setting> settings() {
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
                new Setting("time", duration()),
                new Setting(
                        "machine",
                        Plural.of(run.machine().cores(), "core") + ", "
                                + run.machine().device()),
                new Setting("files", run.files().set()));
    }

    private String duration() {
        double seconds = run.totals().seconds();
        return seconds < 60
                ? Plural.of(Math.round(seconds), "second")
                : String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
    }

    String version() {
        return run.versions().reverie();
    }

    String date() {
        return run.ended().substring(0, DATE_LENGTH);
    }
}
