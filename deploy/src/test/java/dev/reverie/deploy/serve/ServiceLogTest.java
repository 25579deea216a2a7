package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reverie.actors.telemetry.TelemetryEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The log of a service")
class ServiceLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("reverie");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ServiceLog log = new ServiceLog();
    private @Nullable Level level;

    @BeforeEach
    void start() {
        level = logger.getLevel();
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setLevel(level);
    }

    @Test
    @DisplayName("reports that a single class waits for a second one")
    void waitingForASecondClass() {
        log.on(new TelemetryEvent.WaitingForSecondClass(0, "cat", 40));
        log.on(new TelemetryEvent.WaitingForSecondClass(0, "cat", 1));

        assertThat(lines.list)
                .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
                .containsExactly(
                        "INFO class 'cat' has enough images; learning starts when a second class has at least 40 images",
                        "INFO class 'cat' has enough images; learning starts when a second class has at least 1 image");
    }
}
