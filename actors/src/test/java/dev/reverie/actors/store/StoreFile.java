package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The database file of a stopped store, for tests that damage it. */
public final class StoreFile {

    private final Path file;

    private StoreFile(Path file) {
        this.file = file;
    }

    public static StoreFile in(Path folder) {
        return new StoreFile(folder.resolve("reverie.mv.db"));
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
