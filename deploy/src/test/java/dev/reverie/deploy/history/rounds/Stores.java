package dev.reverie.deploy.history.rounds;

import dev.reverie.actors.store.PostgresServer;
import java.nio.file.Path;
import java.util.Map;

/** Where the services of rounds keep their data. */
interface Stores {

    /** Name of the database for people. */
    String database();

    /** Configuration of a service with the store of a session, as environment variables. */
    Map<String, String> environment(int session);

    /** Kills the database server and starts it again. */
    void killServer();

    /** Stores in subfolders of a folder. */
    static Stores inFolder(Path folder) {
        return new Stores() {
            @Override
            public String database() {
                return "H2";
            }

            @Override
            public Map<String, String> environment(int session) {
                return Map.of(
                        "REVERIE_STORE_FOLDER",
                        folder.resolve("store-" + session).toString());
            }

            @Override
            public void killServer() {
                throw new IllegalStateException("H2 has no server");
            }
        };
    }

    /** A database of a PostgreSQL server for each session. */
    static Stores on(PostgresServer server) {
        return new Stores() {
            @Override
            public String database() {
                return "PostgreSQL";
            }

            @Override
            public Map<String, String> environment(int session) {
                return Map.of(
                        "REVERIE_STORE_POSTGRES_URL",
                        server.newDatabase(),
                        "REVERIE_STORE_POSTGRES_USER",
                        PostgresServer.USER);
            }

            @Override
            public void killServer() {
                server.killAndRestart();
            }
        };
    }
}
