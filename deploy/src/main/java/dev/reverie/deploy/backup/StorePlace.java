package dev.reverie.deploy.backup;

import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.actors.backup.StoreRestore;
import dev.reverie.actors.store.CheckProgress;
import dev.reverie.actors.store.NewStore;
import dev.reverie.actors.store.OfflineCheck;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a store that is not in use: a folder, or a database of a PostgreSQL server. */
public sealed interface StorePlace {

    /** The beginning of a URL. */
    Pattern URL = Pattern.compile("jdbc:|[A-Za-z][A-Za-z0-9+.-]*://");

    /**
     * Parses a place: a JDBC URL of a PostgreSQL server, or else the path of a folder.
     *
     * @param environment contains the credentials for the server, under the names that {@code serve} uses
     * @throws InputException if the text is empty or another URL
     */
    static StorePlace parse(String text, Map<String, String> environment) {
        if (text.isBlank()) {
            throw new InputException("the place of the store is empty: name a folder or a URL");
        }
        Matcher url = URL.matcher(text);
        if (url.lookingAt() && !text.startsWith("jdbc:postgresql:")) {
            throw new InputException("a store cannot be at a URL that begins with " + url.group()
                    + ": name a folder, or write jdbc:postgresql://HOST:PORT/DATABASE");
        }
        return text.startsWith("jdbc:postgresql:")
                ? new Server(
                        text,
                        environment.getOrDefault("REVERIE_STORE_POSTGRES_USER", ""),
                        environment.getOrDefault("REVERIE_STORE_POSTGRES_PASSWORD", ""))
                : new Folder(Path.of(text));
    }

    /**
     * Opens the store.
     *
     * @throws InputException if there is no store, or the user is root and its folder belongs to another user
     * @throws StoreException if the store cannot be opened, for example because a process uses it
     */
    Store open();

    /**
     * Checks that a backup can be restored here, as far as this takes no connection.
     *
     * @throws InputException if the folder contains a store
     */
    default void requireNoStore() {}

    /**
     * Reads the whole store, and changes nothing.
     *
     * @param copiedActor persistence id of an actor whose rows are part of the report
     * @throws InputException if there is no store
     * @throws StoreException if the store cannot be read, for example because a process uses it
     */
    OfflineCheck.Report check(String copiedActor, CheckProgress progress);

    /**
     * Restores a backup into this place. If that fails, a folder is as it was, and a database has no rows.
     *
     * @param bytesRead told how many bytes of the backup have been read, after each row
     * @param verified told how many rows of the store have been read again
     * @throws InputException if there is a store already, or the user is root and its folder belongs to another user
     * @throws BackupException if the backup is damaged or incomplete
     * @throws StoreException if the store is not empty or cannot be written to
     */
    BackupSummary restore(BackupReader backup, LongConsumer bytesRead, CheckProgress verified) throws IOException;

    record Folder(Path path) implements StorePlace {

        private static final String ROOT = "root";
        private static final String USER = System.getProperty("user.name");

        @Override
        public Store open() {
            requireStore();
            requireOwner(path, USER);
            return Store.inFolder(path);
        }

        @Override
        public OfflineCheck.Report check(String copiedActor, CheckProgress progress) {
            requireStore();
            return new OfflineCheck(path.toString(), copiedActor, progress).inFolder(path);
        }

        @Override
        public void requireNoStore() {
            if (Store.existsIn(path)) {
                throw new InputException("the folder " + path + " contains a store already: name another folder");
            }
        }

        private void requireStore() {
            if (!Store.existsIn(path)) {
                throw new InputException("the folder " + path + " contains no store: name the folder of a store");
            }
        }

        @Override
        public BackupSummary restore(BackupReader backup, LongConsumer bytesRead, CheckProgress verified)
                throws IOException {
            requireNoStore();
            requireOwner(path, USER);
            return NewStore.create(path, store -> StoreRestore.restore(backup, store, bytesRead, verified));
        }

        /**
         * Checks the owner of a folder, or of the one in which it would be created.
         *
         * @param user name of the user who is about to write
         * @throws InputException if the user is root and the folder belongs to another user
         */
        static void requireOwner(Path folder, String user) {
            Path existing = existing(folder.toAbsolutePath().normalize());
            String owner = ownerOf(existing);
            if (user.equals(ROOT) && !owner.equals(ROOT)) {
                throw new InputException("the folder " + existing + " belongs to the user " + owner
                        + ", whose service could not use files of root: run this command as that user (runuser -u "
                        + owner + " -- ...)");
            }
        }

        /** Returns the folder, or the one in which it would be created. */
        private static Path existing(Path folder) {
            return Files.exists(folder) || folder.getParent() == null ? folder : existing(folder.getParent());
        }

        private static String ownerOf(Path folder) {
            try {
                return Files.getOwner(folder).getName();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        public long fileSize() throws IOException {
            return Files.size(path.resolve(Store.FILE));
        }
    }

    record Server(String url, String user, String password) implements StorePlace {

        public Server {
            if (url.contains("password=")) {
                throw new InputException("the URL of the database contains a password, which others can see: remove it,"
                        + " and set REVERIE_STORE_POSTGRES_PASSWORD");
            }
        }

        @Override
        public Store open() {
            if (!Store.existsOnPostgres(url, user, password)) {
                throw new InputException("the database " + url + " contains no store: name the database of a store");
            }
            return create();
        }

        private Store create() {
            return Store.onPostgres(url, user, password);
        }

        @Override
        public OfflineCheck.Report check(String copiedActor, CheckProgress progress) {
            return new OfflineCheck(url, copiedActor, progress).onPostgres(url, user, password);
        }

        @Override
        public BackupSummary restore(BackupReader backup, LongConsumer bytesRead, CheckProgress verified)
                throws IOException {
            try (Store store = create()) {
                return StoreRestore.restore(backup, store, bytesRead, verified);
            }
        }

        /** Returns the URL alone, since the password must not be printed. */
        @Override
        public String toString() {
            return url;
        }
    }
}
