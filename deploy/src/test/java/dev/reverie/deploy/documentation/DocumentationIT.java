package dev.reverie.deploy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
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
    private static Tools tools = new Tools("");

    @TempDir
    private static Path archive = Path.of("");

    private Path folder = Path.of("");
    private Path serverFolder = Path.of("");
    private Optional<PostgresServer> server = Optional.empty();

    @BeforeAll
    static void lookForTools() throws Exception {
        tools = Tools.ofThisMachine();
    }

    @BeforeEach
    void begin(@TempDir Path scene, @TempDir Path ofServer) throws IOException {
        folder = scene.toRealPath();
        serverFolder = ofServer;
    }

    @AfterEach
    void stopServer() {
        server.ifPresent(PostgresServer::close);
    }

    @ParameterizedTest
    @MethodSource("readings")
    @DisplayName("can be followed, command by command, and prints what it says")
    void followed(List<Page> pages) throws Exception {
        RehearsalFolder scene = RehearsalFolder.in(folder);
        new Rehearsal(scene, environment(pages, scene)).perform(pages, Deviations.given(pages.getFirst()));
    }

    @Test
    @DisplayName("has every command in a block that is run")
    void noHiddenCommands() throws IOException {
        for (Page page : Page.all()) {
            for (Block block : page.blocks()) {
                assertThat(block.hiddenCommands())
                        .as("commands in %s:%d, which is not marked as sh", page.name(), block.line())
                        .isEmpty();
            }
        }
    }

    @Test
    @DisplayName("still has every command that is not run, and every text that is replaced")
    void noForgottenDeviations() throws IOException {
        List<String> commands = Page.all().stream()
                .flatMap(page -> page.blocks().stream())
                .flatMap(block -> (block.isPython() ? block.lines() : block.commands()).stream())
                .toList();

        assertThat(commands)
                .containsAll(Deviations.ELSEWHERE.stream()
                        .map(Deviations.Elsewhere::commands)
                        .flatMap(Collection::stream)
                        .toList());
        assertThat(Deviations.INSTEAD)
                .allSatisfy(instead -> assertThat(commands).anyMatch(command -> command.contains(instead.said())));
    }

    /**
     * A page is read in one go; all runbooks speak of one service. {@value #ONLY} chooses those whose names it is in.
     */
    static Collection<List<Page>> readings() throws IOException {
        Map<String, List<Page>> readings = Page.all().stream()
                .filter(page -> page.name().contains(System.getProperty(ONLY, "")))
                .filter(page -> page.blocks().stream().anyMatch(block -> block.isShell() || block.isPython()))
                .collect(Collectors.groupingBy(
                        page -> page.name().startsWith(RUNBOOKS) ? RUNBOOKS : page.name(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return readings.values();
    }

    private Map<String, String> environment(List<Page> pages, RehearsalFolder scene) throws IOException {
        String port = Integer.toString(freePort());
        return Map.of(
                "LAUNCHER",
                Page.ROOT.resolve("reverie").toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                "PYTHON",
                tools.python(),
                "PYTHONPATH",
                "clients/python",
                "REVERIE_DATA",
                scene.data().toString(),
                // Classes that were loaded once are there at the next start: most commands do little else than start.
                "REVERIE_JAVA_OPTS",
                "-Xlog:disable -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=" + archive.resolve("classes.jsa"),
                "REVERIE_HTTP_PORT",
                port,
                "PORT",
                port,
                "PGPORT",
                pages.stream().anyMatch(DocumentationIT::speaksOfPostgres) ? startServer() : "none");
    }

    private static boolean speaksOfPostgres(Page page) {
        return page.blocks().stream().filter(Block::isShell).anyMatch(block -> String.join("\n", block.lines())
                .contains("postgresql://"));
    }

    private String startServer() {
        PostgresServer started = PostgresServer.startedIn(serverFolder);
        server = Optional.of(started);
        return Integer.toString(
                URI.create(started.newDatabase().substring("jdbc:".length())).getPort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
