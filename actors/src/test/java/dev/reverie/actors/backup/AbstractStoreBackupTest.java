package dev.reverie.actors.backup;

import dev.reverie.actors.store.PostgresPerClass;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Stores of either kind, and their backups. */
abstract class AbstractStoreBackupTest {

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    @TempDir
    private Path folder = Path.of("");

    /** The kinds of database that a store can use. */
    enum Kind {
        SQLITE,
        POSTGRES
    }

    /** A database that can be opened as a store and by JDBC. */
    record Place(String url, Optional<Path> folder) {

        Store open() {
            return folder.map(Store::inFolder).orElseGet(() -> Store.onPostgres(url, PostgresServer.USER, ""));
        }

        Connection connect() throws SQLException {
            return folder.isPresent()
                    ? StoreFile.in(folder.get()).connect()
                    : DriverManager.getConnection(url, PostgresServer.USER, "");
        }
    }

    Place place(Kind kind, String name) {
        Path path = folder.resolve(name);
        return switch (kind) {
            case SQLITE -> new Place("", Optional.of(path));
            case POSTGRES -> new Place(POSTGRES.server().newDatabase(), Optional.empty());
        };
    }

    static void fill(Store store) {
        try (StoreLoader loader = store.load()) {
            Backups.rows().forEach(loader::add);
            loader.commit();
        }
        store.requireFactor(2);
    }

    static byte[] backupOf(Store store) {
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        try (BackupStream stream = BackupStream.of(store.snapshot(), Backups.HEADER.taken())) {
            write(stream, backup);
        }
        return backup.toByteArray();
    }

    static void write(BackupStream stream, ByteArrayOutputStream backup) {
        for (Optional<ByteString> chunk = stream.next(); chunk.isPresent(); chunk = stream.next()) {
            backup.writeBytes(chunk.get().toArray());
        }
    }

    static List<StoredRow> rowsOf(Store store) throws IOException {
        return Backups.rowsOf(Backups.reader(backupOf(store)));
    }
}
