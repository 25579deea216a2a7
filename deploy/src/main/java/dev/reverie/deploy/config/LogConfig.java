package dev.reverie.deploy.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * The settings of the log.
 *
 * @param level least level of the messages of libraries and actors that are logged; the service's own messages are
 *     always logged
 */
public record LogConfig(Level level) {

    private static final String FORMAT = "REVERIE_LOG_FORMAT";

    /** The formats that {@code logback.xml} defines. With any other word, nothing would be logged. */
    private static final Set<String> FORMATS = Set.of("", "json", "text");

    /** Returns the problem in the variable that chooses the format, if there is one. */
    static Optional<String> problemOfFormat(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(FORMAT))
                .filter(format -> !FORMATS.contains(format))
                .map(format -> "the environment variable " + FORMAT + " is '" + format
                        + "': set it to text or json, or unset it");
    }

    static LogConfig read(ConfigSection log) {
        return new LogConfig(log.constant("level", Level.class));
    }
}
