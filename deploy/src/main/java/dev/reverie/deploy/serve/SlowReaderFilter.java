package dev.reverie.deploy.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.streams.http.SlowReaderException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops most messages about clients that do not read their responses, because Pekko logs one for each response, and any
 * client can cause them. A message after a minute without any always passes.
 */
public final class SlowReaderFilter extends TurboFilter {

    private final ThrottledWarning warning = new ThrottledWarning();
    private final InstantSource clock;

    /** Creates the filter that the log configuration names. */
    public SlowReaderFilter() {
        this(InstantSource.system());
    }

    SlowReaderFilter(InstantSource clock) {
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
        return failure instanceof SlowReaderException && !warning.isDue(SlowReaderException.class, clock.instant())
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
