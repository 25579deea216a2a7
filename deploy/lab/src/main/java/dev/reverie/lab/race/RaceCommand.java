package dev.reverie.lab.race;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.report.BandChart;
import dev.reverie.lab.report.CsvTable;
import dev.reverie.lab.report.Percent;
import dev.reverie.lab.report.ResultFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "race",
        sortOptions = false,
        header = "Draws the accuracy of runs against their time.",
        description = "Reads runs that were distilled with --evaluate-every, writes race.svg and race.csv to --out, and"
                + " prints the last accuracy of each curve. Runs with the same name are repeats with different seeds:"
                + " their curve is the mean, with a band of one standard deviation.",
        footer = {
            "",
            "Examples:",
            "  reverie race dm-0 dm-1 dm-2 dream-0 dream-1 dream-2 --out race",
            "  reverie race plain=dm-0 plain=dm-1 style=dm-style-0 style=dm-style-1 --out race"
        })
public final class RaceCommand implements Callable<Integer> {

    private static final String TABLE = "race.csv";
    private static final String PICTURE = "race.svg";

    @Parameters(
            arity = "1..*",
            paramLabel = "[NAME=]RUN",
            description = "Folders of runs. Without a name, a run is named after its method.")
    List<String> runs = List.of();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the results.")
    Path out = Path.of("");

    private final CliContext context;

    public RaceCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        OptionCheck.distinct("the command line", runs);
        List<RaceCurve> curves = RaceCurve.of(runs.stream().map(RaceRun::read).toList());
        ResultFolder folder = new ResultFolder(out);
        folder.create(List.of(TABLE, PICTURE));
        folder.write(TABLE, table(curves).text());
        folder.write(PICTURE, chart(curves).toSvg());
        PrintWriter terminal = context.terminal().out();
        curves.forEach(curve -> terminal.println(last(curve)));
        terminal.println(folder.file(PICTURE));
        return ExitCode.DONE;
    }

    private static CsvTable table(List<RaceCurve> curves) {
        CsvTable table = new CsvTable(List.of("name", "runs", "seconds", "accuracy", "std"));
        curves.forEach(curve -> curve.points()
                .forEach(point -> table.add(
                        curve.name(),
                        curve.runs(),
                        String.format(Locale.ROOT, "%.3f", point.seconds()),
                        String.format(Locale.ROOT, "%.6f", point.accuracy().mean()),
                        String.format(Locale.ROOT, "%.6f", point.accuracy().std()))));
        return table;
    }

    private static BandChart chart(List<RaceCurve> curves) {
        return BandChart.fromZero(
                "Accuracy against time",
                "learning time (s)",
                "accuracy (%)",
                curves.stream()
                        .map(curve -> BandChart.Series.curve(
                                curve.name(),
                                curve.points().stream()
                                        .map(point ->
                                                new BandChart.Point(point.seconds(), Percent.of(point.accuracy())))
                                        .toList()))
                        .toList());
    }

    private static String last(RaceCurve curve) {
        RaceCurve.Point last = curve.points().getLast();
        MeanAndStd percent = Percent.of(last.accuracy());
        return String.format(
                Locale.ROOT,
                "%s: %.1f ± %.1f %% after %.0f s (%s)",
                curve.name(),
                percent.mean(),
                percent.std(),
                last.seconds(),
                Plural.of(curve.runs(), "run"));
    }
}
