package dev.reverie.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.reverie.actors.store.Store;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.deploy.run.RunManifest;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.dataset.TrajectoryFile;
import dev.reverie.gpu.dataset.published.MnistFile;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.lab.continual.MemoryMethod;
import dev.reverie.lab.continual.Protocol;
import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.BearerTokens.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The page of file formats")
class FileFormatsPageTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TempDir
    private Path folder = Path.of("");

    private List<String> page = List.of();

    @BeforeEach
    void read() throws IOException {
        page = Files.readAllLines(Page.ROOT.resolve("docs/reference/file-formats.md"));
    }

    @Test
    @DisplayName("has the arrays of a distilled set")
    void set() throws IOException {
        ImageBatch images = ImageBatch.of(new ImageShape(1, 1, 1), new float[1]);
        Path file = folder.resolve("synthetic.npz");
        NpzFile.write(
                new DistilledSet(
                        images,
                        List.of(0),
                        Optional.of(SoftLabels.of(1, new float[] {1})),
                        images,
                        List.of(0),
                        2,
                        new Normalisation(List.of(0.5), List.of(0.5)),
                        ClassList.of(List.of("3"))),
                file);

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(firstColumn("## A distilled set"))
                    .containsExactlyElementsOf(zip.stream()
                            .map(entry -> entry.getName().replace(".npy", ""))
                            .toList());
        }
    }

    @Test
    @DisplayName("has the fields of a set as pictures")
    void pictures() throws IOException {
        ImageBatch images = ImageBatch.of(new ImageShape(1, 1, 1), new byte[1]);
        Normalisation normalisation = new Normalisation(List.of(0.5), List.of(0.5));
        Path file = folder.resolve("synthetic.zip");
        try (OutputStream out = Files.newOutputStream(file)) {
            MemoryZip.write(
                    new DistilledSet(
                            images, List.of(0), images, List.of(0), 1, normalisation, ClassList.of(List.of("a"))),
                    Coding.LOSSLESS,
                    out);
        }

        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream description = zip.getInputStream(zip.getEntry("memory.json"))) {
            List<String> fields = new ArrayList<>();
            new ObjectMapper().readTree(description).fieldNames().forEachRemaining(fields::add);
            assertThat(firstColumn("## A set as pictures")).containsExactlyElementsOf(fields);
        }
    }

    @Test
    @DisplayName("has the arrays of an expert")
    void expert() throws IOException {
        Path file = folder.resolve("expert-000.npz");
        List<float[]> parameters = List.of(new float[1]);
        new TrajectoryFile(file).write(Map.of("network", "small"), List.of(parameters, parameters));

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(firstColumn("### An expert"))
                    .containsExactlyElementsOf(zip.stream()
                            .map(entry -> entry.getName().replace(".npy", ""))
                            .toList());
        }
    }

    @Test
    @DisplayName("points to the page of datasets, which has the names of published files")
    void dataset() throws IOException {
        assertThat(page).anyMatch(line -> line.contains("(datasets.md)"));
        assertThat(Files.readString(Page.ROOT.resolve("docs/reference/datasets.md")))
                .contains(Arrays.stream(MnistFile.values())
                        .map(file -> "`" + file.fileName() + "`")
                        .toList());
    }

    @Test
    @DisplayName("has the files of a run, the columns of its history and the fields of its record")
    void run() {
        RunFolder run = new RunFolder(folder);
        assertThat(firstColumn("## The run folder"))
                .containsAll(Stream.of(
                                run.set(),
                                run.pictures(),
                                run.picture(),
                                run.history(),
                                run.manifest(),
                                run.checkpoint())
                        .map(file -> file.getFileName().toString())
                        .toList());
        assertThat(section("### `history.csv`")).contains(HistoryRow.HEADER);
        assertThat(firstColumn("### `history.csv`")).containsExactly(HistoryRow.HEADER.split(",", -1));
        assertThat(firstColumn("### `run.json`"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RunManifest.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(new SnakeCaseStrategy()::translate)
                        .toList());
    }

    @Test
    @DisplayName("has the columns of an experiment")
    void experiment() throws IOException {
        String dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        String options = "--steps 2 --ipc 1 --methods reservoir --width 4 --training-steps 1";
        CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
        terminal.run(("continual --dataset " + dataset + " --out " + folder.resolve("out") + " " + options).split(" "));
        Path table = folder.resolve("out").resolve("continual.csv");
        assertThat(table).as(terminal.err()).exists();
        assertThat(section("## An experiment"))
                .contains(Files.readAllLines(table).getFirst())
                .contains(Arrays.stream(MemoryMethod.values())
                        .map(method -> "`" + method.label() + "`")
                        .toList())
                .contains(Arrays.stream(Protocol.values())
                        .map(protocol -> "`" + protocol.label() + "`")
                        .toList());
    }

    @Test
    @DisplayName("has the files and tables of a store")
    void store() throws Exception {
        Path store = folder.resolve("store");
        try (Store _ = Store.inFolder(store);
                Stream<Path> files = Files.list(store)) {
            assertThat(firstColumn("## The store"))
                    .containsAll(
                            files.map(file -> file.getFileName().toString()).toList());
        }
        List<String> tables = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("reverie.db"));
                ResultSet found = connection.getMetaData().getTables(null, null, null, new String[] {"TABLE"})) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME"));
            }
        }
        assertThat(tables).isNotEmpty();
        assertThat(firstColumn("## The store")).containsAll(tables);
    }

    @Test
    @DisplayName("has a valid tokens file and all roles")
    void tokens() throws IOException {
        String example = Page.of(Page.ROOT.resolve("docs/reference/file-formats.md")).blocks().stream()
                .filter(block -> block.language().equals("tokens"))
                .map(block -> String.join("\n", block.lines()))
                .findFirst()
                .orElseThrow();

        assertThat(BearerTokens.parse(example).rolesOf("test")).containsExactly(Role.INGEST, Role.READ);
        assertThat(section("## The tokens file"))
                .contains(Arrays.stream(Role.values())
                        .map(role -> "`" + role.name().toLowerCase(Locale.ROOT) + "`")
                        .toList());
    }

    /** Returns the text from a heading to the next one. */
    private String section(String heading) {
        List<String> after =
                page.stream().dropWhile(line -> !line.startsWith(heading)).toList();
        assertThat(after).as("a section '%s'", heading).isNotEmpty();
        return String.join(
                "\n",
                after.stream()
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("#") || line.startsWith("# "))
                        .toList());
    }

    /** Returns the code in the first cells of the tables of a section. */
    private List<String> firstColumn(String heading) {
        return section(heading)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line ->
                        CODE.matcher(line.substring(0, line.indexOf("|", 1))).results())
                .map(code -> code.group(1))
                .toList();
    }
}
