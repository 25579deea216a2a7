package dev.reverie.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the Grafana dashboards. */
public final class GrafanaDashboards {

    /** The sources of the module monitoring, relative to this module. */
    public static final Path MONITORING = Path.of("..", "monitoring", "src", "main");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A dashboard and the name of its file. */
    public record Dashboard(String name, JsonNode content) {

        /** Returns the panels without the headings of rows. */
        public List<Panel> panels() {
            return content.get("panels")
                    .valueStream()
                    .filter(panel -> !panel.get("type").asText().equals("row"))
                    .map(panel -> new Panel(name, panel))
                    .toList();
        }
    }

    /** One panel of a dashboard. */
    public record Panel(String dashboard, JsonNode content) {

        /** Returns the name of the dashboard and the title of the panel. */
        public String title() {
            return dashboard + ": " + content.path("title").asText();
        }

        /** Returns the PromQL queries, with Grafana's variables. */
        public List<String> queries() {
            return content.get("targets")
                    .valueStream()
                    .map(target -> target.get("expr").asText())
                    .toList();
        }
    }

    private GrafanaDashboards() {}

    /** Reads all dashboards. */
    public static List<Dashboard> all() throws IOException {
        List<Dashboard> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(MONITORING.resolve(Path.of("grafana", "dashboards")))) {
            for (Path file : files.sorted().toList()) {
                dashboards.add(new Dashboard(file.getFileName().toString(), JSON.readTree(file.toFile())));
            }
        }
        return dashboards;
    }

    /** Reads the panels of all dashboards. */
    public static List<Panel> panels() throws IOException {
        return all().stream().flatMap(each -> each.panels().stream()).toList();
    }
}
