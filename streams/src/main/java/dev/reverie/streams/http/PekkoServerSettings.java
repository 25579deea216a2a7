package dev.reverie.streams.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** The settings of Pekko's HTTP server: its limits, what it omits from responses, and its answer when it stops. */
final class PekkoServerSettings {

    private PekkoServerSettings() {}

    /**
     * Returns the settings of a server.
     *
     * @param config configuration of the actor system, which gives all other settings
     */
    static ServerSettings of(Config config, HttpSettings settings) {
        Config own = ConfigFactory.parseString("""
            pekko.http.server {
              server-header = ""
              default-host-header = localhost # HTTP/1.0, which load balancers use for health checks, needs no Host
              max-connections = %2$d
              idle-timeout = %3$d ms
              request-timeout = infinite
              pipelining-limit = 1
              transparent-head-requests = on
              parsing {
                error-handler = "%4$s"
                error-logging-verbosity = off
                illegal-header-warnings = off
                max-content-length = %1$d
                max-chunk-size = %1$d
                max-uri-length = 8k
                max-header-count = %5$d
                max-header-value-length = 8k
                modeled-header-parsing = off # the objects of a parsed header take many times the memory of its text
              }
            }
            """.formatted(
                        settings.limits().bodyBytes(),
                        settings.connections(),
                        settings.idleTime().toMillis(),
                        MalformedRequests.class.getName(),
                        MalformedRequests.MAX_HEADERS + 1)); // Pekko refuses a request that reaches its limit
        return ServerSettings.create(own.withFallback(config))
                .withTerminationDeadlineExceededResponse(Responses.secured(ProblemException.temporary(
                                ProblemType.NOT_READY,
                                "the service stopped before it could respond: send the request again after the"
                                        + " service has restarted")
                        .toResponse()));
    }
}
