package dev.reverie.lab.race;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.text.Plural;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares runs by their accuracy at equal times. */
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
        RaceFolder folder = new RaceFolder(out);
        folder.create();
        folder.write(curves);
        Terminal terminal = context.terminal();
        curves.forEach(curve -> terminal.out().println(last(curve)));
        terminal.out().println(folder.picture());
        return ExitCode.DONE;
    }

    private static String last(RaceCurve curve) {
        RaceCurve.Point last = curve.points().getLast();
        return String.format(
                Locale.ROOT,
                "%s: %.1f ± %.1f %% after %.0f s (%s)",
                curve.name(),
                100 * last.accuracy().mean(),
                100 * last.accuracy().std(),
                last.seconds(),
                Plural.of(curve.runs(), "run"));
    }
}
