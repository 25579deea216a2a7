package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts a PostgreSQL server for the tests of a class and its nested classes, with a new database for each test. */
public final class PostgresPerClass implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private @Nullable Path folder;
    private @Nullable PostgresServer server;
    private String url = "";

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (isOutermost(context)) {
            Path created = Files.createTempDirectory("postgres");
            folder = created;
            server = PostgresServer.startedIn(created);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        url = server().newDatabase();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (!isOutermost(context)) {
            return;
        }
        if (server != null) { // else no server could be started
            server.close();
        }
        try (Stream<Path> files = Files.walk(Objects.requireNonNull(folder))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Tells a class from those nested in it, for which JUnit calls its extensions again. */
    private static boolean isOutermost(ExtensionContext context) {
        return !context.getRequiredTestClass().isMemberClass();
    }

    public PostgresServer server() {
        return Objects.requireNonNull(server);
    }

    /** URL of the database of the current test. */
    public String url() {
        return url;
    }
}
