package dev.reverie.deploy.run;

import dev.reverie.monitoring.MetricsServer.RequestPolicy;
import dev.reverie.monitoring.Runbooks;
import dev.reverie.streams.http.OriginCheck;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Refuses requests to a separate metrics port that do not name this machine as localhost, or that come from a web page
 * of another site. Other sites may link to the runbooks.
 */
public final class LocalMetricsAccess implements RequestPolicy {

    private static final OriginCheck ORIGINS = OriginCheck.local();

    @Override
    public Optional<String> refusal(String path, Function<String, List<String>> headers) {
        Optional<OriginCheck.Violation> found =
                path.startsWith(Runbooks.PATH) ? ORIGINS.violationAtLinkTarget(headers) : ORIGINS.violation(headers);
        return found.map(violation -> switch (violation) {
            case FOREIGN_HOST -> "this port only accepts requests to localhost: use localhost or 127.0.0.1 as the host";
            case FOREIGN_PAGE ->
                "a web page of another site sent this request, which is not allowed: enter the address of the metrics"
                        + " in the browser";
        });
    }
}
