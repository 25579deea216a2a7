package dev.reverie.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics} on the loopback interface. The {@code Accept} header of a request determines whether the
 * response is in OpenMetrics or in the Prometheus text format.
 */
public final class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final String PATH = "/metrics";

    private final HttpServer server;
    private final ExecutorService scrapers = Executors.newVirtualThreadPerTaskExecutor();
    private final MetricsExposition metrics;

    private MetricsServer(HttpServer server, MetricsExposition metrics) {
        this.server = server;
        this.metrics = metrics;
    }

    /**
     * Starts a server with a separate registry, so that several servers in one JVM do not share metrics.
     *
     * @param port port to listen on, or 0 for any free port, which {@link #port()} returns
     * @throws IOException if the server cannot listen on the port, for example because it is in use
     */
    public static MetricsServer start(int port) throws IOException {
        return start(port, new MetricsExposition());
    }

    /**
     * Starts a server for the given metrics, including metrics that are registered later.
     *
     * @param port port to listen on, or 0 for any free port, which {@link #port()} returns
     * @throws IOException if the server cannot listen on the port, for example because it is in use
     */
    public static MetricsServer start(int port, MetricsExposition metrics) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsServer server = new MetricsServer(http, metrics);
        http.createContext("/", server::answer);
        http.setExecutor(server.scrapers);
        http.start();
        return server;
    }

    /** Returns the registry of the metrics that are served. */
    public PrometheusRegistry registry() {
        return metrics.registry();
    }

    /** Returns the port on which the server listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                sendText(exchange, 404, "the metrics are at " + PATH);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                sendText(exchange, 405, "the metrics only support the method GET: use it");
            } else {
                sendMetrics(exchange);
            }
        }
    }

    private void sendMetrics(HttpExchange exchange) throws IOException {
        MetricsExposition.Page page;
        try {
            List<String> accept = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
            page = metrics.page(Optional.of(String.join(",", accept)));
        } catch (RuntimeException e) {
            LOG.warn("A scrape of the metrics failed because of the following error; the next scrape tries again", e);
            sendText(exchange, 500, "the scrape failed: see the log for the cause");
            return;
        }
        send(exchange, 200, page.contentType(), page.content());
    }

    private static void sendText(HttpExchange exchange, int status, String sentence) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        scrapers.shutdownNow();
    }
}
