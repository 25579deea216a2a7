package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The database file of a stopped store, for tests that change or damage it. */
public final class StoreFile {

    private final Path file;

    private StoreFile(Path file) {
        this.file = file;
    }

    public static StoreFile in(Path folder) {
        return new StoreFile(folder.resolve(Store.FILE));
    }

    /** Connects to the database, as the store does. */
    public Connection connect() throws SQLException {
        return new SqliteDatabase("store", file, Flush.ALWAYS).connectWriter();
    }

    /** Copies the files of an open store, as a process finds them after this one was killed. */
    public static void copyKilled(Path folder, Path copy) throws IOException {
        Files.createDirectories(copy);
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Path file = folder.resolve(Store.FILE + suffix);
            if (Files.exists(file)) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
    }

    /**
     * Changes rows or tables with SQL statements.
     *
     * @return number of changed rows
     */
    public int execute(String... statements) throws SQLException {
        int changed = 0;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                changed += statement.executeUpdate(each);
            }
        }
        return changed;
    }

    /** Number of places in which the file contains a text. */
    public int count(String text) throws IOException {
        return positions(bytes(), text).size();
    }

    /**
     * Replaces one occurrence of a text.
     *
     * @param occurrence its number, from 0
     * @param replacement text of the same length
     */
    public void replace(String text, int occurrence, String replacement) throws IOException {
        byte[] bytes = bytes();
        byte[] inserted = replacement.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(inserted, 0, bytes, positions(bytes, text).get(occurrence), inserted.length);
        Files.write(file, bytes);
    }

    /**
     * Replaces a text wherever it is, because the file also has parts that are no longer in use.
     *
     * @param replacement text of the same length
     * @throws IllegalArgumentException if the file does not contain the text
     */
    public void replaceAll(String text, String replacement) throws IOException {
        String content = new String(bytes(), StandardCharsets.ISO_8859_1);
        if (!content.contains(text)) {
            throw new IllegalArgumentException("the file does not contain " + text);
        }
        write(content.replace(text, replacement).getBytes(StandardCharsets.ISO_8859_1));
    }

    public byte[] bytes() throws IOException {
        return Files.readAllBytes(file);
    }

    public void write(byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    private static List<Integer> positions(byte[] bytes, String text) {
        String searched = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Integer> positions = new ArrayList<>();
        for (int at = searched.indexOf(text); at >= 0; at = searched.indexOf(text, at + 1)) {
            positions.add(at);
        }
        return positions;
    }
}
