package dev.reverie.lab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("race")
class RaceCommandTest {

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
    private final Path folder;
    private final Path out;

    RaceCommandTest(@TempDir Path folder) {
        this.folder = folder;
        this.out = folder.resolve("race");
    }

    @Test
    @DisplayName("draws the accuracies of runs that were evaluated on the way, the last of which is that of their set")
    void races() throws IOException {
        String dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        distil(dataset, "dm", "dm");
        distil(dataset, "random", "random");

        int exitCode = race("dm", "random");

        assertThat(exitCode).as(terminal.err()).isEqualTo(ExitCode.DONE);
        List<HistoryRow> rows = HistoryRow.read(folder.resolve("dm").resolve("history.csv"));
        assertThat(rows).extracting(HistoryRow::inner).containsExactly(-1, 0, 1, 2);
        assertThat(rows.getFirst().accuracy()).isFinite();
        String last = String.format(Locale.ROOT, "%.6f", rows.getLast().accuracy());
        assertThat(table().getLast()).startsWith("random,1,");
        assertThat(table())
                .filteredOn(row -> row.startsWith("dm,1,"))
                .last()
                .asString()
                .contains("," + last + ",0.0");
        assertThat(Files.readString(out.resolve("race.svg"))).contains(">dm<", ">random<", "<polyline");
        assertThat(Files.readString(folder.resolve("dm").resolve("run.json")))
                .containsPattern(
                        "\"interval_seconds\" : 3600.0,\\s+\"width\" : 4,\\s+\"depth\" : \\d,\\s+\"steps\" : 6");

        // and: evaluate gives the same accuracy
        CapturedTerminal evaluation = new CapturedTerminal();
        evaluation.run(("evaluate " + folder.resolve("dm").resolve("synthetic.npz") + " --dataset " + dataset
                        + " --width 4 --steps 6 --repeats 1 --json")
                .split(" "));
        double accuracy = new ObjectMapper()
                .readTree(evaluation.out())
                .at("/accuracy/mean")
                .doubleValue();
        assertThat(rows.getLast().accuracy()).isCloseTo(accuracy, within(1e-6));
    }

    @Test
    @DisplayName("averages the runs of a curve at all times at which each of them ran")
    void repeats() throws IOException {
        run("a", 0, "10,0.2", "30,0.4");
        run("b", 1, "20,0.5", "40,0.7");

        assertThat(race("a", "b")).as(terminal.err()).isEqualTo(ExitCode.DONE);

        // a rises by 0.01 a second, and so does b
        assertThat(table())
                .containsExactly(
                        "name,runs,seconds,accuracy,std",
                        "dm,2,20.000,0.400000,0.100000",
                        "dm,2,30.000,0.500000,0.100000");
        assertThat(terminal.out())
                .startsWith("dm: 50.0 ± 10.0 % after 30 s (2 runs)")
                .contains("race.svg");
    }

    @Test
    @DisplayName("gives runs with a single accuracy a single point")
    void coresets() throws IOException {
        run("a", 0, "10,0.25");
        run("b", 1, "20,0.75");

        race("a", "b");

        assertThat(table()).last().isEqualTo("dm,2,15.000,0.500000,0.250000");
    }

    @Test
    @DisplayName("names curves as requested")
    void names() throws IOException {
        run("a", 0, "10,0.25");
        run("b", 0, "20,0.75");

        assertThat(race("plain=" + folder.resolve("a"), "new style=" + folder.resolve("b")))
                .isEqualTo(ExitCode.DONE);

        assertThat(table())
                .anyMatch(row -> row.startsWith("plain,1,"))
                .last()
                .asString()
                .startsWith("new style,1,");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a a | twice: remove one of them",
                "missing | missing: correct its name",
                "m=nowhere | there is no folder nowhere: correct its name",
                "m=empty | contains no history.csv: name the folder that was the --out of a distill run",
                "unnamed | has no run.json that names its method: write NAME=",
                "plain | contains no accuracies: distil with --evaluate-every, for example --evaluate-every 30s",
                "a twin | have the same seed, so they are no independent repeats: name them apart, for example dm-1=",
                "a other | are both named dm, but have different settings: name them apart",
                "a late | were evaluated at times that do not overlap",
                "a judged wide=wide | judged was evaluated with width 48, depth 3, steps 1050, and ",
            })
    @DisplayName("refuses runs that cannot be compared, and says what to do")
    void refuses(String runs, String message) throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        run("a", 0, "10,0.25", "20,0.5");
        run("twin", 0, "10,0.25");
        run("late", 1, "30,0.25", "40,0.5");
        run("plain", 2, "10,NaN");
        Files.delete(run("unnamed", 3, "10,0.25").resolve("run.json"));
        Files.writeString(run("other", 1, "10,0.25").resolve("run.json"), manifest(1, 20));
        Files.writeString(run("judged", 4, "10,0.25").resolve("run.json"), manifest(4, 10, 48));
        Files.writeString(run("wide", 5, "10,0.25").resolve("run.json"), manifest(5, 10, 64));
        String named = runs.replace("wide=wide", "wide=" + folder.resolve("wide"))
                .replace("m=empty", "m=" + folder.resolve("empty"));

        int exitCode = race(named.split(" "));

        assertThat(exitCode).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains(message).hasLineCount(1);
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x,y", "x\ny", "x\"y"})
    @DisplayName("refuses a name that would change the meaning of a line of race.csv")
    void names(String name) throws IOException {
        Path run = run("a", 0, "10,0.25", "20,0.5");

        assertThat(race(name + "=" + run)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains("contains a comma, a quotation mark or a control character: choose another name")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("overwrites no other race")
    void existing() throws IOException {
        run("a", 0, "10,0.25");
        race("a");

        assertThat(race("a")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("already contains race.csv; choose another folder with --out");
    }

    private void distil(String dataset, String method, String name) {
        String learning = Method.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_'))
                        .learns()
                ? " --width 4 --outer-iterations 1 --inner-loops 3"
                : "";
        int exitCode = terminal.run(
                ("distill --dataset " + dataset + " --method " + method + " --ipc 1 --out " + folder.resolve(name)
                                + " --evaluate-every 1h --evaluate-width 4 --evaluate-steps 6" + learning)
                        .split(" "));
        assertThat(exitCode).as(terminal.err()).isEqualTo(ExitCode.DONE);
    }

    /** Runs the command; runs are folders of the test, or have a name and a path. */
    private int race(String... runs) {
        Stream<String> folders = Stream.of(runs)
                .map(run -> run.contains("=") ? run : folder.resolve(run).toString());
        return terminal.run(Stream.concat(Stream.concat(Stream.of("race"), folders), Stream.of("--out", out.toString()))
                .toArray(String[]::new));
    }

    /** Writes the files of a run with accuracies at some times. */
    private Path run(String name, long seed, String... accuracies) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        StringBuilder history = new StringBuilder(HistoryRow.HEADER + "\n");
        for (int i = 0; i < accuracies.length; i++) {
            history.append("0,%d,1,1,1,1,0,0,NaN,%s%n".formatted(i, accuracies[i]));
        }
        Files.writeString(run.resolve("history.csv"), history);
        Files.writeString(run.resolve("run.json"), manifest(seed, 10));
        return run;
    }

    private static String manifest(long seed, int ipc) {
        return """
                {"settings": {"method": "dm", "ipc": %d, "seed": %d, "schedule": {"outer_iterations": %d}},
                "dataset": {"name": "tiny"}}
                """.formatted(ipc, seed, 40 + seed);
    }

    private static String manifest(long seed, int ipc, int width) {
        String evaluation = "\"evaluation\": {\"width\": %d, \"depth\": 3, \"steps\": 1050},".formatted(width);
        return manifest(seed, ipc).replaceFirst("\\{", "{" + evaluation);
    }

    private List<String> table() throws IOException {
        return Files.readAllLines(out.resolve("race.csv"));
    }
}
