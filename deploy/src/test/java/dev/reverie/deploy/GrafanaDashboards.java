package dev.reverie.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The dashboards as they are handed to Grafana. */
public final class GrafanaDashboards {

    /** What belongs to monitoring, seen from this module. */
    public static final Path MONITORING = Path.of("..", "monitoring", "src", "main");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One dashboard, by the name of its file. */
    public record Dashboard(String name, JsonNode content) {

        /** All but the headings of rows. */
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

        /** For people who look for it. */
        public String title() {
            return dashboard + ": " + content.path("title").asText();
        }

        /** In PromQL, with Grafana's variables. */
        public List<String> queries() {
            return content.get("targets")
                    .valueStream()
                    .map(target -> target.get("expr").asText())
                    .toList();
        }
    }

    private GrafanaDashboards() {}

    /** All there are. */
    public static List<Dashboard> all() throws IOException {
        List<Dashboard> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(MONITORING.resolve(Path.of("grafana", "dashboards")))) {
            for (Path file : files.sorted().toList()) {
                dashboards.add(new Dashboard(file.getFileName().toString(), JSON.readTree(file.toFile())));
            }
        }
        return dashboards;
    }

    /** All panels of all of them. */
    public static List<Panel> panels() throws IOException {
        return all().stream().flatMap(each -> each.panels().stream()).toList();
    }
}
