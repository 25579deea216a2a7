package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.FileFormatException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** A pickled dictionary whose values are strings, integers, lists of them, or tables. */
record PickledDictionary(Map<String, Object> entries) {

    /** A two-dimensional array of unsigned bytes, row by row. */
    record Table(int rows, int columns, ByteBuffer content) {

        /** Writes row {@code row} to {@code target}, which has {@link #columns} elements. */
        void copyRow(int row, byte[] target) {
            content.get(row * columns, target);
        }
    }

    /**
     * Returns the items of a list.
     *
     * @param type {@code Integer} or {@code String}
     * @throws FileFormatException if the dictionary has no such list
     */
    <T> List<T> list(String key, Class<T> type) throws FileFormatException {
        if (!(entries.get(key) instanceof List<?> items) || !items.stream().allMatch(type::isInstance)) {
            throw new FileFormatException(
                    "is a pickle without a list '" + key + "' whose items are all of type " + type.getSimpleName());
        }
        return items.stream().map(type::cast).toList();
    }

    /**
     * Returns a table.
     *
     * @throws FileFormatException if the dictionary has no such table
     */
    Table table(String key) throws FileFormatException {
        if (!(entries.get(key) instanceof Table table)) {
            throw new FileFormatException("is a pickle without an array '" + key + "'");
        }
        return table;
    }
}
