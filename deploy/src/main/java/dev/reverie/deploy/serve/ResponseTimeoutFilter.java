package dev.reverie.deploy.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.streams.http.ResponseTimeoutException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops most messages about responses that were not sent in time, because Pekko logs one for each response, and any
 * client can cause them. A message after a minute without any always passes.
 */
public final class ResponseTimeoutFilter extends TurboFilter {

    private final ThrottledWarning warning = new ThrottledWarning();
    private final InstantSource clock;

    public ResponseTimeoutFilter() {
        this(InstantSource.system());
    }

    ResponseTimeoutFilter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable failure) {
        return failure instanceof ResponseTimeoutException
                        && !warning.isDue(ResponseTimeoutException.class, clock.instant())
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
