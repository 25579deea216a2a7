package dev.reverie.deploy.config;

import org.slf4j.event.Level;

/**
 * The settings of the log.
 *
 * @param level least level of the messages of libraries and actors that are logged; the service's own messages are
 *     always logged
 */
public record LogConfig(Level level) {

    static LogConfig read(ConfigSection log) {
        return new LogConfig(log.constant("level", Level.class));
    }
}
