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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * Applies changes of the tokens, the certificate and the log level to a running service. A file that cannot be used is
 * read again at each check until it can be used. Thread safe.
 */
public final class ConfigReload {

    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final String LEVEL = "reverie.log.level";

    private final ReloadableValue<ServiceConfig> config;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, String> started;
    /** The settings that wait for a restart, by key, as last named in the log. */
    private final Map<String, String> named = new HashMap<>();

    private final ServiceLog log;
    private final Consumer<Level> levels;

    public ConfigReload(
            ReloadableValue<ServiceConfig> config, AccessFiles access, ServiceLog log, Consumer<Level> levels) {
        this.config = config;
        this.log = log;
        this.levels = levels;
        started = settings();
        parts.add(new Part("configuration", config));
        parts.add(new Part("tokens", access.tokens()));
        access.tls().ifPresent(tls -> parts.add(new Part("certificate", tls)));
    }

    /**
     * Reads files that have changed. Reports a failure only if it lasts, because a file may be in the course of change.
     */
    public synchronized void check() {
        parts.forEach(Part::check);
        applyConfiguration();
    }

    /** Reads all files, as SIGHUP asks for, and reports the result. */
    public synchronized void reload() {
        List<String> reloaded = parts.stream()
                .filter(part -> part.reload() instanceof Outcome.Reloaded)
                .map(part -> part.name)
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

    /** Logs what becomes of the files of one part of a service's settings. Not thread safe. */
    private final class Part {

        /** Noun for the log, for example {@code tokens}. */
        private final String name;

        private final ReloadableValue<?> files;
        /** The failure of the last reading; empty if it succeeded. */
        private Optional<String> failing = Optional.empty();
        /** The failure that was logged last; empty after a reading that succeeded. */
        private Optional<String> logged = Optional.empty();

        Part(String name, ReloadableValue<?> files) {
            this.name = name;
            this.files = files;
        }

        /** Reads the files if they have changed; logs a failure once, when it occurs for the second time in a row. */
        void check() {
            Outcome outcome = files.refresh();
            if (outcome instanceof Outcome.Failed(String reason) && failing.equals(Optional.of(reason))) {
                warn(reason);
            }
            settle(outcome);
        }

        /** Reads the files; logs a failure at once, and again at each call. */
        Outcome reload() {
            Outcome outcome = files.reread();
            if (outcome instanceof Outcome.Failed(String reason)) {
                logged = Optional.empty();
                warn(reason);
            }
            settle(outcome);
            return outcome;
        }

        private void settle(Outcome outcome) {
            switch (outcome) {
                case Outcome.Failed(String reason) -> failing = Optional.of(reason);
                case Outcome.Unchanged _ -> recover();
                case Outcome.Reloaded _ -> {
                    recover();
                    log.say("reloaded the " + name);
                }
            }
        }

        private void recover() {
            failing = Optional.empty();
            logged = Optional.empty();
        }

        private void warn(String reason) {
            if (!logged.equals(Optional.of(reason))) {
                logged = Optional.of(reason);
                log.warn("cannot reload the " + name + ", so nothing changes until this is mended: " + reason);
            }
        }
    }
}
