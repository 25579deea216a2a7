package dev.reverie.lab.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("analyze")
@Timeout(300)
class AnalyzeCommandTest {

    private static final int LOOPS = 12;
    private static final int CLASSES = 2;

    /** Distinct runs, identified by their settings: the segments of one run differ only in their length. */
    private static final Set<DistillationSettings> STARTED = ConcurrentHashMap.newKeySet();

    private static final CapturedTerminal TERMINAL = CapturedTerminal.with((settings, shape, normalisation) -> {
        STARTED.add(
                settings.withSchedule(settings.schedule().withOuterIterations(1).withInnerLoops(LOOPS)));
        return MatchingEngine.open(settings, shape, normalisation);
    });

    @TempDir
    private static Path folder = Path.of("");

    private static String dataset = "";

    @BeforeAll
    static void analyzeAll() throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        assertThat(run(TERMINAL, folder.resolve("out"), "--all"))
                .as(TERMINAL.err())
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    @DisplayName("computes equal runs once, prints the paths of the figures, and summarises each on stderr")
    void all() throws IOException {
        assertThat(STARTED).hasSize(4 + 2 + 4 + 5 + 4);
        assertThat(TERMINAL.out().lines())
                .containsExactlyElementsOf(AnalysisKind.labels().stream()
                        .map(name ->
                                folder.resolve("out").resolve(name + ".svg").toString())
                        .toList());
        AnalysisKind.labels().forEach(name -> assertThat(TERMINAL.err()).containsPattern("(?m)^" + name + ": .*\\d"));
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files).hasSize(2 * AnalysisKind.values().length);
        }
    }

    @Test
    @DisplayName("draws every figure, with a legend")
    void figures() throws IOException {
        for (String name : AnalysisKind.labels()) {
            assertThat(folder.resolve("out").resolve(name + ".svg"))
                    .content()
                    .startsWith("<svg")
                    .contains("<circle", "stroke-width=\"3\"");
        }
    }

    @Test
    @DisplayName("sampling has the accuracy of four selections from the first to the last inner loop")
    void sampling() throws IOException {
        List<Map<String, String>> rows = table("sampling", "selection,seed,loops,accuracy");

        assertThat(rows).hasSize(4 * 2);
        assertThat(values(rows, "selection")).containsOnly("random", "central", "boundary", "dream");
        assertThat(values(rows, "loops")).containsOnly("0", Integer.toString(LOOPS));
        assertThat(numbers(rows, "accuracy"))
                .allSatisfy(accuracy -> assertThat(accuracy).isBetween(0.0, 1.0));
    }

    @Test
    @DisplayName(
            "ablation has runs with and without both parts, and marks where each first reaches the final accuracy of IDC")
    void ablation() throws IOException {
        List<Map<String, String>> rows =
                table("ablation", "variant,initialisation,representatives,seed,loops,accuracy,first_as_good_as_idc");

        assertThat(rows).hasSize(4 * 2);
        assertThat(rows.stream().map(row -> row.get("initialisation") + row.get("representatives")))
                .containsOnly("nono", "yesno", "noyes", "yesyes");
        List<Map<String, String>> idc = where(rows, "variant", "idc");
        assertThat(values(idc, "first_as_good_as_idc")).containsOnlyOnce("yes");
    }

    @Test
    @DisplayName("mmd finds that k-means represents a class at least as well as random images")
    void mmd() throws IOException {
        List<Map<String, String>> rows = table("mmd", "selection,seed,loops,class,discrepancy");

        assertThat(rows).hasSize(2 * 2 * CLASSES);
        double dream = mean(numbers(where(rows, "selection", "dream"), "discrepancy"));
        double random = mean(numbers(where(rows, "selection", "random"), "discrepancy"));
        assertThat(dream).isNotNegative().isLessThanOrEqualTo(random);
    }

    @Test
    @DisplayName("migration has the distance that the images of each class move between snapshots")
    void migration() throws IOException {
        List<Map<String, String>> rows = table("migration", "selection,seed,loops,class,distance");

        assertThat(rows).hasSize(2 * CLASSES);
        assertThat(numbers(rows, "distance"))
                .allSatisfy(way -> assertThat(way).isFinite().isPositive());
    }

    @Test
    @DisplayName("gradient-norm has every image of the class, and the images that ten choices selected")
    void gradientNorm() throws IOException {
        List<Map<String, String>> rows = table("gradient-norm", "selection,seed,image,norm");

        List<Map<String, String>> all = where(rows, "selection", "all");
        assertThat(values(all, "image"))
                .containsExactlyElementsOf(IntStream.range(0, TinyImageFolder.LOWER)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(numbers(rows, "norm")).allSatisfy(norm -> assertThat(norm).isPositive());
        assertThat(where(rows, "selection", "random")).hasSameSizeAs(where(rows, "selection", "dream"));
        Map<String, String> norms = new HashMap<>();
        all.forEach(row -> norms.put(row.get("image"), row.get("norm")));
        assertThat(rows).allSatisfy(row -> assertThat(row).containsEntry("norm", norms.get(row.get("image"))));
    }

    @Test
    @DisplayName("gradient-difference has the loss of three methods per loop, with and without the parts of DREAM")
    void gradientDifference() throws IOException {
        List<Map<String, String>> rows = table("gradient-difference", "method,dream,seed,loop,loss");

        assertThat(rows).hasSize(3 * 2 * LOOPS);
        assertThat(values(rows, "method")).containsOnly("dc", "dsa", "idc");
        assertThat(numbers(rows, "loss")).allSatisfy(loss -> assertThat(loss).isPositive());
    }

    @Test
    @DisplayName("representatives and interval have the final accuracy for each value")
    void sweeps() throws IOException {
        List<Map<String, String>> numbers = table("representatives", "clusters,per_centroid,seed,accuracy");
        List<Map<String, String>> intervals = table("interval", "interval,seed,accuracy");

        assertThat(numbers.stream().map(row -> row.get("clusters") + "x" + row.get("per_centroid")))
                .containsExactly("8x1", "16x1", "32x1", "64x1", "8x4", "16x4");
        assertThat(values(intervals, "interval")).containsExactly("1", "5", "10", "20", "50");
        // the run with the settings of dream equals the run of dream
        String dream = where(table("sampling", "selection,seed,loops,accuracy"), "selection", "dream")
                .getLast()
                .get("accuracy");
        assertThat(where(intervals, "interval", "10").getFirst()).containsEntry("accuracy", dream);
        assertThat(numbers.get(2)).containsEntry("accuracy", dream);
    }

    @Test
    @DisplayName("coverage projects real and synthetic images of the class onto one plane")
    void coverage() throws IOException {
        List<Map<String, String>> rows = table("coverage", "set,image,component_1,component_2");

        assertThat(where(rows, "set", "real")).hasSize(TinyImageFolder.LOWER);
        assertThat(where(rows, "set", "dream")).hasSize(4);
        assertThat(where(rows, "set", "random")).hasSize(4);
        List<Map<String, String>> real = where(rows, "set", "real");
        assertThat(spread(numbers(real, "component_1"))).isGreaterThan(spread(numbers(real, "component_2")));
        assertThat(mean(numbers(real, "component_1"))).isBetween(-1e-3, 1e-3);
    }

    @Test
    @DisplayName("rejects invalid arguments and overwrites nothing")
    void wrongInput() {
        refuses("name at least one analysis of sampling, mmd, migration", "");
        refuses("unknown analysis 'tsne'; choose one of sampling, mmd", "tsne");
        refuses("--all runs every analysis: remove the names", "mmd --all");
        refuses("the command line contains 'mmd' twice", "mmd mmd");
        refuses("--seeds contains '1' twice", "mmd --seeds 1,1");
        refuses("--outer-iterations must be from 1 to", "mmd --outer-iterations 0");
        refuses("migration compares snapshots, which are taken every 10 inner loops", "migration --inner-loops 10");
        refuses("--ipc can be at most 4", "mmd --ipc 5");
        refuses(folder.resolve("out") + " already contains mmd.csv; choose another folder", "mmd");
    }

    @Test
    @DisplayName("overwrites no figure either, even if its table is missing")
    void keepsFigures() throws IOException {
        Path out = Files.createDirectory(folder.resolve("figures"));
        Files.createFile(out.resolve("mmd.svg"));
        CapturedTerminal refusing = new CapturedTerminal();

        assertThat(run(refusing, out, "mmd")).isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(refusing.err()).contains(out + " already contains mmd.svg; choose another folder");
    }

    private static void refuses(String message, String options) {
        CapturedTerminal refusing = new CapturedTerminal();
        assertThat(run(refusing, folder.resolve("out"), options)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(refusing.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(refusing.out()).isEmpty();
    }

    private static int run(CapturedTerminal terminal, Path out, String options) {
        String usual = Stream.of("--ipc 1", "--outer-iterations 1", "--inner-loops " + LOOPS)
                .filter(option -> !options.contains(option.split(" ")[0]))
                .collect(Collectors.joining(" "));
        return terminal.run(("analyze --width 4 --evaluation-steps 5 --dataset " + dataset + " --out " + out + " "
                        + usual + " " + options)
                .strip()
                .split(" +"));
    }

    private static List<Map<String, String>> table(String name, String header) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out").resolve(name + ".csv"));
        assertThat(lines.getFirst()).isEqualTo(header);
        List<String> columns = List.of(header.split(","));
        return lines.stream()
                .skip(1)
                .map(line -> List.of(line.split(",")))
                .map(fields ->
                        IntStream.range(0, columns.size()).boxed().collect(Collectors.toMap(columns::get, fields::get)))
                .toList();
    }

    private static List<Map<String, String>> where(List<Map<String, String>> rows, String column, String value) {
        return rows.stream().filter(row -> value.equals(row.get(column))).toList();
    }

    private static List<String> values(List<Map<String, String>> rows, String column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    private static List<Double> numbers(List<Map<String, String>> rows, String column) {
        return values(rows, column).stream().map(Double::valueOf).toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double spread(List<Double> values) {
        double mean = mean(values);
        return mean(
                values.stream().map(value -> (value - mean) * (value - mean)).toList());
    }
}
