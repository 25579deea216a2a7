package dev.reverie.monitoring;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scrape: the JDK's HTTP exchange as the Prometheus client wants to see it. */
final class ScrapeExchange implements PrometheusHttpExchange {

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeExchange.class);

    private final HttpExchange exchange;
    private boolean answered;

    ScrapeExchange(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /** Answers with a status and one line of text. */
    void refuse(int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        send(status, body.length).write(body);
    }

    @Override
    public PrometheusHttpRequest getRequest() {
        return new Request(exchange);
    }

    @Override
    public PrometheusHttpResponse getResponse() {
        return new PrometheusHttpResponse() {
            @Override
            public void setHeader(String name, String value) {
                exchange.getResponseHeaders().set(name, value);
            }

            @Override
            public OutputStream sendHeadersAndGetBody(int status, int length) throws IOException {
                return send(status, length);
            }
        };
    }

    private OutputStream send(int status, int length) throws IOException {
        answered = true;
        exchange.sendResponseHeaders(status, length);
        return exchange.getResponseBody();
    }

    @Override
    public void handleException(IOException failure) throws IOException {
        fail(failure);
    }

    @Override
    public void handleException(RuntimeException failure) {
        try {
            fail(failure);
        } catch (IOException e) {
            LOG.debug("the scraper went away", e);
        }
    }

    private void fail(Exception failure) throws IOException {
        LOG.warn("a scrape failed", failure);
        if (!answered) {
            refuse(500, "the scrape failed; see the log");
        }
    }

    @Override
    public void close() {
        exchange.close();
    }

    private record Request(HttpExchange exchange) implements PrometheusHttpRequest {

        @Override
        public @Nullable String getQueryString() {
            return exchange.getRequestURI().getRawQuery();
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return Collections.enumeration(exchange.getRequestHeaders().getOrDefault(name, List.of()));
        }

        @Override
        public String getMethod() {
            return exchange.getRequestMethod();
        }

        @Override
        public String getRequestPath() {
            return exchange.getRequestURI().getPath();
        }
    }
}
