package dev.reverie.lab.continual;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.continual.ContinualResult.MethodSummary;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.ChartAxis;
import dev.reverie.lab.report.CsvTable;
import dev.reverie.lab.report.Percent;
import dev.reverie.lab.report.ResultFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The accuracy of memories against their coded size, from experiments with the same methods and several sizes. */
final class BytesReport {

    static final String TABLE = "bytes.csv";

    private static final String CHART = "bytes.svg";
    private static final double KILOBYTE = 1024;

    private BytesReport() {}

    /** Writes the CSV and the SVG file. */
    static void write(List<ContinualResult> results, ResultFolder folder) throws IOException {
        CsvTable table =
                new CsvTable(List.of("bytes_per_class", "method", "quality", "bytes", "accuracy", "std", "runs"));
        Map<String, List<BandChart.Point>> curves = new LinkedHashMap<>();
        List<Double> ticks = new ArrayList<>();
        for (ContinualResult result : results) {
            double limit = result.settings().bytesPerClass().orElseThrow();
            ticks.add(limit / KILOBYTE);
            for (MethodSummary each : result.methods()) {
                MeanAndStd accuracy = each.finalAccuracy();
                table.add(
                        (long) limit,
                        each.method().label(),
                        each.quality(),
                        each.bytes(),
                        accuracy.mean(),
                        accuracy.std(),
                        each.seeds());
                curves.computeIfAbsent(each.method().label(), _ -> new ArrayList<>())
                        .add(new BandChart.Point(limit / KILOBYTE, Percent.of(accuracy)));
            }
        }
        folder.write(TABLE, table.text());
        folder.write(
                CHART,
                new BandChart(
                                "Accuracy against coded size",
                                "kB per class (" + results.getFirst().dataset() + ")",
                                "accuracy (%)",
                                new ChartAxis(ticks.stream().sorted().toList(), true),
                                curves.entrySet().stream()
                                        .map(curve -> BandChart.Series.curve(curve.getKey(), curve.getValue()))
                                        .toList())
                        .toSvg());
    }
}
