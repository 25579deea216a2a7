package dev.reverie.deploy.serve;

import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The level of the log of this process. */
public final class LogLevel {

    private LogLevel() {}

    /** Sets the least level that is logged, except for loggers with a level of their own in logback.xml. */
    public static void set(Level level) {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
        }
    }
}
