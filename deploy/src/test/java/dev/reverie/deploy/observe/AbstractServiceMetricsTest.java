package dev.reverie.deploy.observe;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.monitoring.MetricsServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The metrics of a service with one class, whose clocks the test moves. */
abstract class AbstractServiceMetricsTest {

    final OneClassService service = new OneClassService();
    Instant now = Instant.ofEpochSecond(1000);
    long nanos;
    final ServiceMetrics metrics =
            new ServiceMetrics(100, () -> now, new SteadyClock(InstantSource.system(), () -> nanos));

    AbstractServiceMetricsTest() {
        metrics.registerService(service, () -> OptionalLong.of(17));
    }

    String scraped() throws Exception {
        try (MetricsServer server = metrics.serve(0)) {
            return scrape(server.port(), "text/plain").body();
        }
    }

    static HttpResponse<String> scrape(int port, String... accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"));
        Stream.of(accept).forEach(value -> request.header("Accept", value));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
