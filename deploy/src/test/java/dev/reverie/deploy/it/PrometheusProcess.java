package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.GrafanaDashboards;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * A Prometheus server with the recommended configuration and a shorter scrape interval. If Prometheus is missing, tests
 * are skipped, or fail if {@code REVERIE_TEST_PROGRAMS=required} is set.
 */
final class PrometheusProcess implements AutoCloseable {

    private static final Path ADVICE = GrafanaDashboards.MONITORING.resolve("prometheus");
    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    private PrometheusProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static PrometheusProcess scraping(List<URI> services, Path folder) throws IOException {
        String targets = services.stream().map(URI::getAuthority).collect(Collectors.joining("\", \""));
        String rules = ADVICE.resolve("reverie-alerts.yml").toRealPath().toString();
        Path configuration = Files.writeString(
                folder.resolve("prometheus.yml"),
                Files.readString(ADVICE.resolve("prometheus.yml"))
                        .replace("127.0.0.1:8080", targets)
                        .replace("reverie-alerts.yml", rules)
                        .replace("interval: 15s", "interval: 1s"));
        Process process = start(
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("series"),
                "--web.listen-address=127.0.0.1:0");
        return new PrometheusProcess(process, awaitAddress(process));
    }

    private static Process start(String... options) {
        try {
            ProcessBuilder builder = new ProcessBuilder(options).redirectErrorStream(true);
            builder.command().addFirst("prometheus");
            return builder.start();
        } catch (IOException e) {
            String reason = "this test needs Prometheus: install the Debian package prometheus";
            return "required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))
                    ? fail(reason, e)
                    : Assumptions.abort(reason);
        }
    }

    /** Returns the address from the log; keeps reading the log, so that its pipe does not fill up. */
    private static String awaitAddress(Process process) throws IOException {
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder output = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofPlatform().daemon().start(() -> log.lines().forEach(unread -> {}));
                return "http://" + listening.group(1);
            }
            output.append(line).append('\n');
        }
        return fail("Prometheus did not start: " + output);
    }

    /** Returns the number of series that a query returns now. */
    int series(String query) throws Exception {
        return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .at("/data/result")
                .size();
    }

    /** Returns the rule groups and their state. */
    JsonNode ruleGroups() throws Exception {
        return get("/api/v1/rules").at("/data/groups");
    }

    private JsonNode get(String path) throws Exception {
        String answer = client.send(
                        HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
                .body();
        JsonNode content = JSON.readTree(answer);
        return content.path("status").asText().equals("success") ? content : fail(path + ": " + answer);
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
