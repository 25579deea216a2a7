package dev.reverie.lab.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A CSV file that is built row by row. Numbers have six significant digits and a decimal point, unless the caller
 * formats them; fields are not quoted. Not thread safe.
 */
public final class CsvTable {

    private final int columns;
    private final StringBuilder text = new StringBuilder();

    public CsvTable(List<String> columns) {
        this.columns = columns.size();
        add(columns);
    }

    public void add(Object... fields) {
        add(List.of(fields));
    }

    public void add(List<?> fields) {
        if (fields.size() != columns) {
            throw new IllegalArgumentException("expected " + columns + " fields, got " + fields);
        }
        text.append(fields.stream().map(CsvTable::field).collect(Collectors.joining(",", "", "\n")));
    }

    /** Returns the text of a condition in a field. */
    public static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }

    private static String field(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.6g", number) : value.toString();
    }

    public String text() {
        return text.toString();
    }
}
