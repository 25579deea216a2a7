package dev.reverie.deploy.observe;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.GrafanaDashboards;
import dev.reverie.deploy.GrafanaDashboards.Dashboard;
import dev.reverie.deploy.TestPrograms;
import dev.reverie.streams.AwkwardLabels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Dashboards and alerts")
class DashboardsTest {

    /** A name next to a colon belongs to a recording rule. */
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])(?:reverie|jvm|process)_\\w+(?![:\\w])");

    private static final String DATA_SOURCE = "${DS_PROMETHEUS}";

    private static final Path PROMETHEUS = GrafanaDashboards.MONITORING.resolve("prometheus");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("query only metrics that a service has")
    void metrics() throws Exception {
        Set<String> exposed = ServiceExposition.families(folder).keySet();

        assertThat(exposed).containsAll(metricsIn(Files.readString(PROMETHEUS.resolve("reverie-alerts.yml"))));
        for (GrafanaDashboards.Panel panel : GrafanaDashboards.panels()) {
            assertThat(exposed).as(panel.title()).containsAll(metricsIn(String.join(" ", panel.queries())));
        }
    }

    private static Set<String> metricsIn(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceFirst("_seconds_(bucket|sum|count)$", "_seconds"))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName(
            "show the cluster, convergence, flow and resources, each panel with title, description, unit and legend")
    void explained() throws Exception {
        assertThat(GrafanaDashboards.all())
                .extracting(Dashboard::name)
                .containsExactly(
                        "reverie-cluster.json",
                        "reverie-convergence.json",
                        "reverie-flow.json",
                        "reverie-resources.json");
        assertThat(GrafanaDashboards.panels()).allSatisfy(panel -> {
            JsonNode content = panel.content();
            assertThat(content.path("title").asText()).isNotBlank();
            assertThat(content.path("description").asText()).endsWith(".");
            assertThat(content.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
            assertThat(content.at("/datasource/uid").asText()).isEqualTo(DATA_SOURCE);
            assertThat(content.get("targets"))
                    .allSatisfy(target ->
                            assertThat(target.path("legendFormat").asText()).isNotBlank());
        });
    }

    @Test
    @DisplayName("have stable identifiers and distinct panel numbers, so that an import updates them")
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
    @DisplayName("name no data source, but a variable, which an import replaces and a provisioned dashboard offers")
    void dataSource() throws Exception {
        assertThat(GrafanaDashboards.all()).allSatisfy(dashboard -> {
            JsonNode content = dashboard.content();
            assertThat(content.at("/__inputs/0/name").asText()).isEqualTo("DS_PROMETHEUS");
            assertThat(content.at("/__inputs/0/pluginId").asText()).isEqualTo("prometheus");
            assertThat(content.at("/templating/list/0/name").asText()).isEqualTo("DS_PROMETHEUS");
            assertThat(content.at("/templating/list/0/type").asText()).isEqualTo("datasource");
            assertThat(content.at("/templating/list/0/query").asText()).isEqualTo("prometheus");
            assertThat(content.findValues("datasource"))
                    .allSatisfy(source -> assertThat(source.get("uid").asText()).isEqualTo(DATA_SOURCE));
        });
    }

    @Test
    @DisplayName("name every kind of panel that Grafana needs to show them")
    void requirements() throws Exception {
        assertThat(GrafanaDashboards.all()).allSatisfy(dashboard -> {
            Set<String> required = dashboard
                    .content()
                    .get("__requires")
                    .valueStream()
                    .map(plugin ->
                            plugin.get("type").asText() + " " + plugin.get("id").asText())
                    .collect(Collectors.toSet());
            Set<String> used = dashboard.panels().stream()
                    .map(panel -> "panel " + panel.content().get("type").asText())
                    .collect(Collectors.toSet());
            used.addAll(Set.of("grafana grafana", "datasource prometheus"));
            assertThat(required).isEqualTo(used);
        });
    }

    @Test
    @DisplayName("can be filtered by instance, and convergence by class")
    void variables() throws Exception {
        assertThat(GrafanaDashboards.all())
                .allSatisfy(dashboard -> assertThat(dashboard.content().at("/templating/list"))
                        .extracting(variable -> variable.get("name").asText())
                        .contains("instance"));
        assertThat(GrafanaDashboards.all())
                .filteredOn(dashboard -> dashboard.name().equals("reverie-convergence.json"))
                .singleElement()
                .satisfies(dashboard -> assertThat(dashboard.content().at("/templating/list"))
                        .extracting(variable -> variable.get("name").asText())
                        .contains("class"));
    }

    @Test
    @DisplayName("put labels into queries as parts of a regular expression, in quotes that need no other escapes")
    void escaped() throws Exception {
        assertThat(GrafanaDashboards.panels())
                .flatExtracting(GrafanaDashboards.Panel::queries)
                .allSatisfy(query ->
                        assertThat(query.replace("class=~`${class:regex}`", "")).doesNotContainPattern("\\$\\{?class"));
    }

    /** A backquote would end the quotes, and Grafana has no format that escapes it. */
    @Test
    @DisplayName("show only the chosen class, whatever its label without a backquote, or several, or all")
    void chosenClasses() throws Exception {
        List<String> labels =
                AwkwardLabels.ALL.stream().map(label -> label.replace("`", "")).toList();
        List<String> several = labels.subList(0, 9);
        List<Map<String, Object>> tests = new ArrayList<>();
        for (String label : labels) {
            tests.add(expected(List.of(label), escaped(label)));
        }
        tests.add(expected(
                several, "(" + several.stream().map(DashboardsTest::escaped).collect(joining("|")) + ")"));
        tests.add(expected(labels, ".*"));
        var series = labels.stream().map(label -> Map.of("series", series(label), "values", "1"));
        byte[] file = new ObjectMapper()
                .writeValueAsBytes(
                        Map.of("tests", List.of(Map.of("input_series", series.toList(), "promql_expr_test", tests))));

        String rules = Files.write(folder.resolve("classes.yml"), file).toString();
        assertThat(TestPrograms.promtool(new byte[0], "test", "rules", rules)).contains("SUCCESS");
    }

    private static String series(String label) {
        return "reverie_match_loss{class=\"" + label.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }

    /** Returns a label as Grafana's format {@code regex} writes it. */
    private static String escaped(String label) {
        return label.replaceAll("[\\\\^$*+?.()|\\[\\]{}/]", "\\\\$0");
    }

    /** Returns what promtool shall find with the query of the dashboard. */
    private static Map<String, Object> expected(List<String> labels, String chosen) throws Exception {
        String query = GrafanaDashboards.panels().stream()
                .flatMap(panel -> panel.queries().stream())
                .filter(any -> any.startsWith("reverie_match_loss{"))
                .findFirst()
                .orElseThrow();
        String asked = query.replace("$instance", ".*").replace("${class:regex}", chosen);
        var samples = labels.stream().map(label -> Map.of("labels", series(label), "value", 1));
        return Map.of("expr", asked, "eval_time", "0s", "exp_samples", samples.toList());
    }
}
