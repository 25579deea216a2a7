package dev.reverie.deploy.observe;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.reverie.monitoring.Runbooks;
import dev.reverie.streams.http.OriginCheck;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.exporter.httpserver.HttpErrorHandlingPolicy;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics} and the {@linkplain Runbooks runbooks} on the loopback interface. The exporter of the
 * Prometheus client writes the metrics: the header {@code Accept} of a request determines whether in OpenMetrics or in
 * the Prometheus text format, {@code Accept-Encoding} whether compressed, and the query parameters {@code name[]} which
 * of them. Refuses requests that do not name this machine as localhost, or that come from a web page of another site.
 * Has a limited number of connections, and closes one whose request does not arrive in time.
 */
public final class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final OriginCheck ORIGINS = OriginCheck.local();
    private static final String PATH = "/metrics";
    private static final List<String> METHODS = List.of("GET", "HEAD");

    static final int MAX_CONNECTIONS = 100;

    private static final int REQUEST_SECONDS = 5;

    static { // the JDK reads these properties once, when it creates its first server, and the time in seconds
        System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
    }

    private final HttpServer server;
    private final ExecutorService scrapers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpHandler scrapes;

    private MetricsServer(HttpServer server, PrometheusRegistry registry) {
        this.server = server;
        HttpErrorHandlingPolicy errors = HttpErrorHandlingPolicy.builder()
                .errorReporter(e -> LOG.warn("A scrape of the metrics failed; the next scrape tries again", e))
                .build();
        this.scrapes = new MetricsHandler(PrometheusProperties.get(), registry, errors);
    }

    /**
     * Starts a server for the given metrics, including metrics that are registered later.
     *
     * @param port port to listen on, or 0 for any free port, which {@link #port()} returns
     * @throws IOException if the server cannot listen on the port, for example because it is in use
     */
    public static MetricsServer start(int port, PrometheusRegistry registry) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsServer server = new MetricsServer(http, registry);
        http.createContext("/", server::answer);
        http.setExecutor(server.scrapers);
        http.start();
        return server;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Vary", "Accept, Accept-Encoding");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("X-Content-Type-Options", "nosniff");
            String path = exchange.getRequestURI().getPath();
            Optional<String> refusal = refusal(path, exchange);
            Optional<String> runbook = runbook(path);
            if (refusal.isPresent()) {
                sendText(exchange, 403, refusal.get());
            } else if (!path.equals(PATH) && runbook.isEmpty()) {
                sendText(exchange, 404, "the metrics are at " + PATH);
            } else if (!METHODS.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", String.join(", ", METHODS));
                sendText(exchange, 405, "this path only supports the methods GET and HEAD: use one of them");
            } else if (runbook.isPresent()) {
                sendText(exchange, 200, runbook.get());
            } else {
                scrapes.handle(exchange);
            }
        }
    }

    /** Other sites may link to the runbooks, but not read or embed them. */
    private static Optional<String> refusal(String path, HttpExchange exchange) {
        Function<String, List<String>> headers =
                name -> exchange.getRequestHeaders().getOrDefault(name, List.of());
        return ORIGINS.violation(headers, path.startsWith(Runbooks.PATH)).map(violation -> switch (violation) {
            case FOREIGN_HOST -> "this port only accepts requests to localhost: use localhost or 127.0.0.1 as the host";
            case FOREIGN_PAGE ->
                "a web page of another site sent this request, which is not allowed: enter the address of the metrics"
                        + " in the browser";
        });
    }

    private static Optional<String> runbook(String path) {
        return path.startsWith(Runbooks.PATH)
                ? Runbooks.page(path.substring(Runbooks.PATH.length()))
                : Optional.empty();
    }

    private static void sendText(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders()
                    .set("Content-Length", Integer.toString(body.length)); // not set without a body
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        scrapers.shutdownNow();
    }
}
