package dev.reverie.deploy.experiments.analyze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rows of a CSV file. Numbers have six good digits, with a point; no field needs quotes. Not thread safe. */
final class CsvTable {

    private final List<String> columns;
    private final List<String> rows = new ArrayList<>();

    private CsvTable(List<String> columns) {
        this.columns = columns;
    }

    static CsvTable of(String... columns) {
        return new CsvTable(List.of(columns));
    }

    /** Appends a row. */
    void add(Object... fields) {
        if (fields.length != columns.size()) {
            throw new IllegalArgumentException("want one field for each of " + columns + ", got " + fields.length);
        }
        rows.add(Arrays.stream(fields).map(CsvTable::field).collect(Collectors.joining(",")));
    }

    private static String field(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.6g", number) : value.toString();
    }

    String csv() {
        return String.join(",", columns) + "\n"
                + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
    }
}
