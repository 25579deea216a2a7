package dev.reverie.lab.analyze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Builds a CSV file row by row. Writes floating-point numbers with six significant digits and a decimal point; does not
 * quote fields. Not thread safe.
 */
final class CsvWriter {

    private final List<String> columns;
    private final List<String> rows = new ArrayList<>();

    private CsvWriter(List<String> columns) {
        this.columns = columns;
    }

    static CsvWriter of(String... columns) {
        return new CsvWriter(List.of(columns));
    }

    /** Appends a row. */
    void add(Object... fields) {
        if (fields.length != columns.size()) {
            throw new IllegalArgumentException(
                    "expected one field per column of " + columns + ", got " + fields.length);
        }
        rows.add(Arrays.stream(fields).map(CsvWriter::field).collect(Collectors.joining(",")));
    }

    private static String field(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.6g", number) : value.toString();
    }

    String csv() {
        return String.join(",", columns) + "\n"
                + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
    }
}
