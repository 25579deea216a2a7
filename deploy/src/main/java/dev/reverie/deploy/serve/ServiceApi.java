package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.observe.ServiceMetrics;
import dev.reverie.deploy.run.AddressUnavailableException;
import dev.reverie.monitoring.Runbooks;
import dev.reverie.streams.history.History;
import dev.reverie.streams.http.ApiServer;
import dev.reverie.streams.http.HttpSettings;
import dev.reverie.streams.runtime.ActorMemoryService;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;

/** A service's HTTP API, which listens at an address. */
record ServiceApi(ApiServer server, URI address) {

    /**
     * Starts to listen at the configured address.
     *
     * @throws AddressUnavailableException if the port is in use, or the host is no address of this machine
     * @throws java.io.UncheckedIOException if the host cannot be resolved
     */
    static ServiceApi open(
            ServiceConfig config,
            ActorMemoryService service,
            History history,
            AccessFiles access,
            ServiceMetrics metrics) {
        ApiServer.Dependencies offer = new ApiServer.Dependencies(
                service,
                history,
                metrics.ingestListener(),
                metrics.readListener(),
                access.tokens()::value,
                access.tls().map(files -> files::value),
                Runbooks::page,
                config.metricsPort().isPresent() ? Optional.empty() : Optional.of(metrics::scrape),
                metrics::refusals);
        ApiServer server = listen(config.http(), service.system(), offer);
        return new ServiceApi(server, address(config, server));
    }

    private static ApiServer listen(HttpSettings settings, ActorSystem<?> system, ApiServer.Dependencies offer) {
        try {
            return ApiServer.bind(system, settings, offer).toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw new AddressUnavailableException(
                    "listen on " + settings.host() + ":" + settings.port(),
                    failure,
                    "choose another --port, or set reverie.http.host to an address of this machine");
        }
    }

    private static URI address(ServiceConfig config, ApiServer server) {
        String scheme = config.access().tls().isPresent() ? "https" : "http";
        String host = config.http().host();
        int port = server.address().getPort();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}
