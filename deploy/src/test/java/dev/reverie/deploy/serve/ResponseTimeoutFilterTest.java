package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.streams.http.ResponseTimeoutException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log configuration")
class ResponseTimeoutFilterTest {

    private static final int RESPONSES = 1000;

    @AutoClose("stop")
    private final LoggerContext context = new LoggerContext();

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger pekko = context.getLogger("org.apache.pekko.actor.ActorSystemImpl");

    @BeforeEach
    void configure() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(ResponseTimeoutFilter.class.getResource("/logback.xml")));
        pekko.setAdditive(false);
        pekko.addAppender(lines);
        lines.start();
    }

    @Test
    @DisplayName("reports clients that do not read their responses ever more rarely")
    void slowReaders() {
        ResponseTimeoutException slow = ResponseTimeoutException.notRead(Duration.ofMillis(30_500));
        for (int response = 0; response < RESPONSES; response++) {
            pekko.error("Response stream for [GET /v1/memory] failed with '" + slow.getMessage() + "'.", slow);
        }

        assertThat(lines.list).hasSizeBetween(2, RESPONSES / 50);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .contains("'the client did not read the response within 30.5 s'");
    }

    @Test
    @DisplayName("reports the first response that is late after a while without any")
    void nextOutbreak() {
        ManualClock clock = new ManualClock();
        ResponseTimeoutFilter filter = new ResponseTimeoutFilter(clock);
        for (int response = 0; response < RESPONSES; response++) {
            decide(filter);
        }
        assertThat(decide(filter)).isEqualTo(FilterReply.DENY);

        clock.advance(Duration.ofMinutes(2));

        assertThat(decide(filter)).isEqualTo(FilterReply.NEUTRAL);
    }

    private FilterReply decide(ResponseTimeoutFilter filter) {
        ResponseTimeoutException late = ResponseTimeoutException.notStarted(Duration.ofSeconds(30));
        return filter.decide(null, pekko, Level.ERROR, "", null, late);
    }

    @Test
    @DisplayName("reports each other failure of a response")
    void otherFailures() {
        for (int response = 0; response < RESPONSES; response++) {
            pekko.error("Response stream failed", new IllegalStateException("on purpose"));
        }

        assertThat(lines.list).hasSize(RESPONSES);
    }
}
