package dev.reverie.gpu.dataset.folder;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file with the labels of the pictures below its folder: CSV with a header, or lines of JSON.
 *
 * @param labels labels by the paths of the pictures below the folder of the table
 */
record LabelTable(Path file, Map<String, String> labels) {

    private static final List<String> FILE_COLUMNS = List.of("file_name", "filename", "file", "path", "image");
    private static final List<String> LABEL_COLUMNS = List.of("label", "class");
    private static final ObjectReader CSV = new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader());
    private static final ObjectReader JSON_LINES = new JsonMapper().readerForMapOf(Object.class);

    LabelTable {
        labels = Map.copyOf(labels);
    }

    /**
     * Finds the table of a folder; other tables, without a column for the file or the label, do not count.
     *
     * @throws DatasetException if there are several, or one contradicts itself
     */
    static Optional<LabelTable> in(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<LabelTable> tables = entries.filter(file -> file.toString().matches(".*\\.(csv|jsonl)"))
                    .sorted()
                    .map(LabelTable::read)
                    .filter(table -> !table.labels.isEmpty())
                    .toList();
            if (tables.size() > 1) {
                throw new DatasetException(tables.get(0).file + " and " + tables.get(1).file
                        + " both give labels to pictures: keep one of them");
            }
            return tables.stream().findFirst();
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        }
    }

    /** Reads a table; one without labels if the file is none. */
    private static LabelTable read(Path file) {
        Map<String, String> labels = new HashMap<>();
        ObjectReader format = file.toString().endsWith(".csv") ? CSV : JSON_LINES;
        try (MappingIterator<Map<String, Object>> rows = format.readValues(file.toFile())) {
            while (rows.hasNextValue()) {
                Map<String, Object> row = rows.nextValue();
                String name = value(row, FILE_COLUMNS).replaceFirst("^\\./", "");
                String label = value(row, LABEL_COLUMNS);
                if (!name.isEmpty() && !label.isEmpty() && !label.equals(labels.getOrDefault(name, label))) {
                    throw new DatasetException(
                            "%s gives %.200s two labels, '%.80s' and '%.80s': remove one of the lines"
                                    .formatted(file, name, labels.get(name), label));
                }
                if (!name.isEmpty() && !label.isEmpty()) {
                    labels.put(name, label);
                }
            }
        } catch (IOException e) {
            if (!labels.isEmpty()) {
                throw new DatasetException(file + " cannot be read after " + labels.size() + " labels: correct it", e);
            }
        }
        return new LabelTable(file, labels);
    }

    private static String value(Map<String, Object> row, List<String> columns) {
        return columns.stream()
                .flatMap(column -> Stream.ofNullable(row.get(column)))
                .map(value -> value.toString().strip())
                .findFirst()
                .orElse("");
    }

    Path folder() {
        return file.resolveSibling("");
    }
}
