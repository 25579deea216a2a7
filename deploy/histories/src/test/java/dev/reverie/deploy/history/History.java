package dev.reverie.deploy.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What clients saw of one store during the lives of one or several service processes.
 *
 * @param operations in any order
 * @param deaths times at which a service process had ended and the next one had not started, in ns of the clients'
 *     clock, ascending; a request sent before a death takes no effect after it
 */
public record History(List<Operation> operations, List<Long> deaths) {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public History {
        operations = List.copyOf(operations);
        deaths = List.copyOf(deaths);
    }

    /** Reads a history that was kept as a file of JSON. */
    public static History read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), History.class);
    }

    public void writeTo(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }
}
