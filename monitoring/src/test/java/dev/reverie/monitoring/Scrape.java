package dev.reverie.monitoring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Scrapes metrics, also over HTTP, as Prometheus does. */
final class Scrape {

    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    static final String TEXT = "text/plain";

    private Scrape() {}

    /** Returns the page of all metrics in the text format. */
    static String text(MetricsExposition metrics) {
        return new String(metrics.page(TEXT, Set.of()).content(), StandardCharsets.UTF_8);
    }

    static HttpResponse<String> of(MetricsServer server, String path, String accept)
            throws IOException, InterruptedException {
        return send(server, path, request -> request.header("Accept", accept), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends any request. */
    static HttpResponse<byte[]> send(MetricsServer server, String path, UnaryOperator<HttpRequest.Builder> request)
            throws IOException, InterruptedException {
        return send(server, path, request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static <T> HttpResponse<T> send(
            MetricsServer server,
            String path,
            UnaryOperator<HttpRequest.Builder> request,
            HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://localhost:" + server.port() + path);
            return client.send(request.apply(HttpRequest.newBuilder(address)).build(), body);
        }
    }
}
