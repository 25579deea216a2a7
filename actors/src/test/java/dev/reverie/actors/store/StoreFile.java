package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.DataType;

/** The database file of a stopped store, for tests that change or damage it. */
public final class StoreFile {

    private static final int BLOCK = 4096;

    private final Path file;

    private StoreFile(Path file) {
        this.file = file;
    }

    public static StoreFile in(Path folder) {
        return new StoreFile(folder.resolve("reverie.mv.db"));
    }

    /** Connects to the database, as the store does. */
    public Connection connect() throws SQLException {
        return connect("");
    }

    private Connection connect(String settings) throws SQLException {
        String database = file.toString().replace(".mv.db", "");
        return DriverManager.getConnection(
                "jdbc:h2:file:" + database + ";DATABASE_TO_UPPER=FALSE" + settings, "sa", "");
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

    /**
     * Overwrites the first leaf of a map of H2 with zeros.
     *
     * @param keys type of the keys of the map, which must be so many that it has several leaves
     */
    <K> void zeroFirstLeafOf(String map, DataType<K> keys) throws IOException {
        int start;
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            start = startOfFirstChild(store.openMap(map, new MVMap.Builder<K, Object>().keyType(keys)));
        }
        zero(start);
    }

    /**
     * Overwrites an inner page of an index of the journal with zeros.
     *
     * @param prefix start of the name of the index, which must have thousands of entries
     */
    void zeroInnerPageOf(String prefix) throws IOException, SQLException {
        int start;
        try (Connection connection = connect(";ACCESS_MODE_DATA=r")) {
            MVMap<Object, Object> index = JournalIndexes.map(connection, prefix);
            if (DataUtils.isLeafPosition(index.getRootPage().getChildPagePos(0))) {
                throw new IllegalStateException("the index has too few entries");
            }
            start = startOfFirstChild(index);
        }
        zero(start);
    }

    /** The position in the file of the first page below the root of a map. */
    private static int startOfFirstChild(MVMap<?, ?> map) {
        long page = map.getRootPage().getChildPagePos(0);
        return Math.toIntExact(
                block(map.getStore(), DataUtils.getPageChunkId(page)) * BLOCK + DataUtils.getPageOffset(page));
    }

    private void zero(int start) throws IOException {
        byte[] bytes = bytes();
        int length = ByteBuffer.wrap(bytes).getInt(start);
        Arrays.fill(bytes, start, start + length, (byte) 0);
        write(bytes);
    }

    /** The block at which a chunk starts. */
    private static long block(MVStore store, int chunk) {
        String entry = store.getLayoutMap().get("chunk." + Integer.toHexString(chunk));
        return entry == null // the last chunk is only in the header
                ? DataUtils.readHexLong(store.getFileStore().getStoreHeader(), "block", 0)
                : DataUtils.readHexLong(DataUtils.parseMap(entry), "block", 0);
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
