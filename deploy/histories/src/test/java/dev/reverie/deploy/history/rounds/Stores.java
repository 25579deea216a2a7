package dev.reverie.deploy.history.rounds;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/** Where the services of rounds keep their data, and the faults that occur there. */
interface Stores extends AutoCloseable {

    /** Name of the database for people. */
    String database();

    /** Configuration of a service with the store of a session, as environment variables. */
    Map<String, String> environment(int session);

    /** Makes room that the store of a session took, after its end. */
    default void delete(int session) throws IOException {}

    /** Whether a round can have this plan. */
    boolean supports(RoundPlan plan);

    /** Begins a fault of the disk or of the server. */
    void begin(Fault fault);

    /** Ends a fault of the disk. */
    void end(Fault fault) throws IOException;

    @Override
    default void close() throws IOException {}

    /** Stores on a disk that can fail, or in a folder if this process is not allowed to mount a disk. */
    static Stores onDiskIn(Path folder) throws IOException {
        return ThinDisk.in(folder).map(Stores::on).orElseGet(() -> inFolder(folder));
    }

    /** Stores on a disk with faults. */
    static Stores on(FaultyDisk disk) {
        return new InFolder(disk.folder(), Optional.of(disk));
    }

    /** Stores in subfolders of a folder. */
    static Stores inFolder(Path folder) {
        return new InFolder(folder, Optional.empty());
    }

    /**
     * Stores in subfolders of a folder.
     *
     * @param disk the disk with the folder, if faults occur on it
     */
    record InFolder(Path folder, Optional<FaultyDisk> disk) implements Stores {

        @Override
        public String database() {
            return "SQLite";
        }

        @Override
        public Map<String, String> environment(int session) {
            return Map.of("REVERIE_STORE_FOLDER", store(session).toString());
        }

        private Path store(int session) {
            return folder.resolve("store-" + session);
        }

        @Override
        public void delete(int session) throws IOException {
            PathUtils.deleteDirectory(store(session));
        }

        @Override
        public boolean supports(RoundPlan plan) {
            return !plan.fault().isOfServer()
                    && (!plan.fault().isOfDisk()
                            || disk.filter(each -> each.has(plan.fault())).isPresent());
        }

        @Override
        public void begin(Fault fault) {
            disk.orElseThrow().begin(fault);
        }

        @Override
        public void end(Fault fault) throws IOException {
            if (disk.isPresent()) {
                disk.get().end();
            }
        }

        @Override
        public void close() throws IOException {
            if (disk.isPresent()) {
                disk.get().close();
            }
        }
    }

    /** A database of a PostgreSQL server for each session. Stops the server when closed. */
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
            public boolean supports(RoundPlan plan) {
                return !plan.failpoint().isOfFolderOnly() && !plan.fault().isOfDisk();
            }

            @Override
            public void begin(Fault fault) {
                switch (fault) {
                    case DATABASE_KILL -> server.killAndRestart();
                    case DATABASE_SHUTDOWN -> server.shutDownAndRestart();
                    default -> throw new IllegalStateException("a server has no " + fault);
                }
            }

            @Override
            public void end(Fault fault) {
                // The server runs again.
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
