package dev.reverie.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.FreePorts;
import dev.reverie.actors.store.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The documentation")
@Timeout(900)
class DocumentationIT {

    private static final String ONLY = "reverie.docs.only";
    private static final String RUNBOOKS = "docs/runbooks/";

    private Path folder = Path.of("");
    private Path serverFolder = Path.of("");
    private Optional<PostgresServer> server = Optional.empty();

    @BeforeAll
    static void findTools() throws Exception {
        Tools.require();
    }

    @BeforeEach
    void createFolders(@TempDir Path rehearsal, @TempDir Path postgres) throws IOException {
        folder = rehearsal.toRealPath();
        serverFolder = postgres;
    }

    @AfterEach
    void stopServer() {
        server.ifPresent(PostgresServer::close);
    }

    @ParameterizedTest
    @MethodSource("rehearsals")
    @DisplayName("has commands that run and print the output that it shows")
    void followed(List<Page> pages) throws Exception {
        RehearsalFolder rehearsal = RehearsalFolder.in(folder);
        new Rehearsal(rehearsal, environment(pages, rehearsal)).perform(pages, Deviations.setUp(pages.getFirst()));
    }

    @Test
    @DisplayName("has all commands in blocks that this test runs")
    void noHiddenCommands() throws IOException {
        for (Page page : Page.followed()) {
            for (Block block : page.blocks()) {
                assertThat(block.hiddenCommands())
                        .as("commands in %s:%d, a block not marked as sh", page.name(), block.line())
                        .isEmpty();
            }
        }
    }

    @Test
    @DisplayName("still contains every text that a deviation replaces")
    void noUnusedDeviations() throws IOException {
        List<String> commands = Page.followed().stream()
                .flatMap(page -> page.blocks().stream())
                .flatMap(block -> (block.isPython() ? block.lines() : block.commands()).stream())
                .toList();

        assertThat(commands)
                .containsAll(Deviations.SKIPPED.stream()
                        .map(Deviations.Skipped::commands)
                        .flatMap(Collection::stream)
                        .toList());
        assertThat(Deviations.QUICK_VALUES.keySet())
                .allSatisfy(option -> assertThat(commands).anyMatch(command -> command.contains(option + " ")));
        assertThat(Deviations.ADDED_OPTIONS.keySet())
                .map(Deviations::subcommand)
                .allSatisfy(start -> assertThat(commands).anyMatch(command -> command.startsWith(start)));
        assertThat(Deviations.REPLACEMENTS)
                .allSatisfy(replacement -> assertThat(commands).anyMatch(replacement::appliesTo));
    }

    /**
     * Pages to follow together: each on its own, but all runbooks with one service. {@value #ONLY} chooses those whose
     * names contain its value.
     */
    static Collection<List<Page>> rehearsals() throws IOException {
        String only = System.getProperty(ONLY, "");
        return Page.followed().stream()
                .filter(page -> page.name().contains(only))
                .filter(page -> page.blocks().stream().anyMatch(block -> block.isShell() || block.isPython()))
                .collect(Collectors.groupingBy(
                        page -> page.name().startsWith(RUNBOOKS) ? RUNBOOKS : page.name(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values();
    }

    private Map<String, String> environment(List<Page> pages, RehearsalFolder rehearsal) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LAUNCHER",
                Page.ROOT.resolve("reverie").toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                "REVERIE_DATA",
                rehearsal.data().toString(),
                "PGPORT",
                pages.stream().anyMatch(DocumentationIT::usesPostgres) ? startServer() : "none"));
        for (String name : List.of("PORT", "PORT_1", "PORT_2", "NODE_0", "NODE_1", "NODE_2")) {
            environment.put(name, Integer.toString(FreePorts.next()));
        }
        environment.put("REVERIE_HTTP_PORT", environment.getOrDefault("PORT", ""));
        return environment;
    }

    private static boolean usesPostgres(Page page) {
        return page.blocks().stream().filter(Block::isShell).anyMatch(block -> String.join("\n", block.lines())
                .contains("postgresql://"));
    }

    private String startServer() {
        PostgresServer started = PostgresServer.startedIn(serverFolder);
        server = Optional.of(started);
        return Integer.toString(
                URI.create(started.newDatabase().substring("jdbc:".length())).getPort());
    }
}
