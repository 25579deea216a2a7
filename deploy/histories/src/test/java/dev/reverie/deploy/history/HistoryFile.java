package dev.reverie.deploy.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/** A history as a file of JSON. */
public final class HistoryFile {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private HistoryFile() {}

    public static void write(History history, Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), history);
    }

    public static History read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), History.class);
    }
}
