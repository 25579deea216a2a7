package dev.reverie.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves {@code /metrics} on the loopback interface, in OpenMetrics or in Prometheus's text format by the request's
 * {@code Accept}.
 */
public final class MetricsServer implements AutoCloseable {

    private static final String PATH = "/metrics";

    private final HttpServer server;
    private final ExecutorService scrapers;
    private final PrometheusRegistry registry;

    private MetricsServer(HttpServer server, ExecutorService scrapers, PrometheusRegistry registry) {
        this.server = server;
        this.scrapers = scrapers;
        this.registry = registry;
    }

    /**
     * Starts to serve metrics of its own: two such servers in one JVM know nothing of each other.
     *
     * @param port 1 to 65535, or 0 for any free one, see {@link #port()}
     * @throws IOException if the port cannot be had, because it is in use for example
     */
    public static MetricsServer start(int port) throws IOException {
        return start(port, new MetricsExposition());
    }

    /**
     * Starts to serve metrics, also those that are registered later.
     *
     * @param port 1 to 65535, or 0 for any free one, see {@link #port()}
     * @throws IOException if the port cannot be had, because it is in use for example
     */
    public static MetricsServer start(int port, MetricsExposition metrics) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        PrometheusScrapeHandler handler = new PrometheusScrapeHandler(metrics.registry());
        server.createContext("/", exchange -> handle(exchange, handler));
        ExecutorService scrapers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(scrapers);
        server.start();
        return new MetricsServer(server, scrapers, metrics.registry());
    }

    /** Where metrics to be served are registered. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** The port in use. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void handle(HttpExchange exchange, PrometheusScrapeHandler handler) throws IOException {
        try (ScrapeExchange scrape = new ScrapeExchange(exchange)) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                scrape.refuse(404, "the metrics are at " + PATH);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                scrape.refuse(405, "use GET");
            } else {
                handler.handleRequest(scrape);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        scrapers.shutdownNow();
    }
}
