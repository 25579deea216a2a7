package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ReloadableValue;
import dev.reverie.deploy.config.ReloadableValue.Outcome;
import dev.reverie.deploy.config.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * Applies changes of the tokens, the certificate and the log level to a running service. A file that cannot be used is
 * read again at each check until it can be used. Thread safe.
 */
public final class ConfigReload {

    /** The time between two checks of the files. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final String LEVEL = "reverie.log.level";

    private final ReloadableValue<ServiceConfig> config;
    private final List<ReloadedPart> parts = new ArrayList<>();
    private final Map<String, String> started;
    /** The settings that wait for a restart, by key, as last named in the log. */
    private final Map<String, String> named = new HashMap<>();

    private final ServiceLog log;
    private final Consumer<Level> levels;

    /**
     * Creates a reload.
     *
     * @param config configuration with which the service was started
     * @param levels sets the level of the log
     */
    public ConfigReload(
            ReloadableValue<ServiceConfig> config, AccessFiles access, ServiceLog log, Consumer<Level> levels) {
        this.config = config;
        this.log = log;
        this.levels = levels;
        started = settings();
        parts.add(new ReloadedPart("configuration", config, log));
        parts.add(new ReloadedPart("tokens", access.tokens(), log));
        access.tls().ifPresent(tls -> parts.add(new ReloadedPart("certificate", tls, log)));
    }

    /**
     * Reads files that have changed. Reports a failure only if it lasts, because a file may be in the course of change.
     */
    public synchronized void check() {
        parts.forEach(ReloadedPart::check);
        applyConfiguration();
    }

    /** Reads all files, as SIGHUP asks for, and reports the result. */
    public synchronized void reload() {
        List<String> reloaded = parts.stream()
                .filter(part -> part.reload() instanceof Outcome.Reloaded)
                .map(ReloadedPart::name)
                .toList();
        if (reloaded.isEmpty()) {
            log.say("SIGHUP: no usable file has changed");
        }
        applyConfiguration();
    }

    private void applyConfiguration() {
        levels.accept(config.value().logLevel());
        Map<String, String> settings = settings();
        settings.remove(LEVEL);
        settings.entrySet().removeIf(setting -> setting.getValue().equals(started.get(setting.getKey())));
        List<String> unnamed = settings.entrySet().stream()
                .filter(setting -> !setting.getValue().equals(named.get(setting.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!unnamed.isEmpty()) {
            log.warn("the configuration file has new values for " + String.join(", ", unnamed)
                    + ", which take effect when the service starts: restart it");
        }
        named.clear();
        named.putAll(settings);
    }

    private Map<String, String> settings() {
        return config.value().effective().stream()
                .collect(Collectors.toMap(
                        ServiceConfig.Setting::key, ServiceConfig.Setting::value, (one, _) -> one, HashMap::new));
    }
}
