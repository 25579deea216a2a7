package dev.reverie.deploy.observe;

import dev.reverie.monitoring.MetricsExposition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Scrapes metrics, also over HTTP, as Prometheus does. */
final class Scrape {

    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    static final String TEXT = "text/plain";

    private Scrape() {}

    /** Returns the page of all metrics in the text format. */
    static String text(MetricsExposition metrics) {
        return new String(metrics.page(TEXT).content(), StandardCharsets.UTF_8);
    }

    /** Returns the page of all metrics of a service in the text format. */
    static String text(ServiceMetrics metrics) throws IOException, InterruptedException {
        try (MetricsServer server = metrics.serve(0)) {
            return of(server.port(), TEXT).body();
        }
    }

    static HttpResponse<String> of(int port, String... accepts) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"));
        for (String accept : accepts) {
            request.header("Accept", accept);
        }
        return send(request, BodyHandlers.ofString());
    }

    static HttpResponse<String> of(MetricsServer server, String path, String accept)
            throws IOException, InterruptedException {
        return send(request(server, path).header("Accept", accept), BodyHandlers.ofString());
    }

    /** Sends any request. */
    static HttpResponse<byte[]> send(MetricsServer server, String path, UnaryOperator<HttpRequest.Builder> request)
            throws IOException, InterruptedException {
        return send(request.apply(request(server, path)), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(MetricsServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), body);
        }
    }
}
