package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.GrafanaDashboards.Dashboard;
import dev.reverie.deploy.GrafanaDashboards;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Dashboards and alerts")
class DashboardsTest {

    /** A colon before or after makes it the name of a recording rule. */
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])(?:reverie|jvm|process)_\\w+(?![:\\w])");

    private static final Path PROMETHEUS = GrafanaDashboards.MONITORING.resolve("prometheus");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("ask for metrics only that a service has")
    void metrics() throws Exception {
        Set<String> exposed = ServiceExposition.families(folder).keySet();

        assertThat(exposed).containsAll(asked(Files.readString(PROMETHEUS.resolve("reverie-alerts.yml"))));
        for (GrafanaDashboards.Panel panel : GrafanaDashboards.panels()) {
            assertThat(exposed).as(panel.title()).containsAll(asked(String.join(" ", panel.queries())));
        }
    }

    private static Set<String> asked(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceFirst("_seconds_(bucket|sum|count)$", "_seconds"))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("show convergence, flow and resources, each panel with its unit, its legend and what it means")
    void explained() throws Exception {
        assertThat(GrafanaDashboards.all())
                .extracting(Dashboard::name)
                .containsExactly("reverie-convergence.json", "reverie-flow.json", "reverie-resources.json");
        assertThat(GrafanaDashboards.panels()).allSatisfy(panel -> {
            JsonNode content = panel.content();
            assertThat(content.path("title").asText()).isNotBlank();
            assertThat(content.path("description").asText()).endsWith(".");
            assertThat(content.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
            assertThat(content.at("/datasource/uid").asText()).isEqualTo("prometheus");
            assertThat(content.get("targets"))
                    .allSatisfy(target ->
                            assertThat(target.path("legendFormat").asText()).isNotBlank());
        });
    }

    @Test
    @DisplayName("stay what they are when they are imported: by their name, and by the numbers of their panels")
    void stable() throws Exception {
        assertThat(GrafanaDashboards.all()).allSatisfy(dashboard -> {
            JsonNode content = dashboard.content();
            assertThat(content.get("uid").asText() + ".json").isEqualTo(dashboard.name());
            assertThat(content.has("id")).isFalse();
            List<Integer> ids = content.get("panels")
                    .valueStream()
                    .map(panel -> panel.get("id").asInt())
                    .toList();
            assertThat(ids).doesNotHaveDuplicates().doesNotContain(0);
        });
    }

    @Test
    @DisplayName("can be narrowed to an instance, and convergence to classes")
    void variables() throws Exception {
        assertThat(GrafanaDashboards.all())
                .allSatisfy(dashboard -> assertThat(dashboard.content().at("/templating/list"))
                        .extracting(variable -> variable.get("name").asText())
                        .contains("instance"));
        assertThat(GrafanaDashboards.all().getFirst().content().at("/templating/list"))
                .extracting(variable -> variable.get("name").asText())
                .contains("class");
    }
}
