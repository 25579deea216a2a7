package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.store.StoreException;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.http.HttpSettings;
import dev.reverie.streams.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * The configuration of {@code reverie serve}: the settings of each component. {@code service.conf} documents the keys
 * with their units, ranges and defaults.
 *
 * @param engine engine that must compute; empty for the one with which the program was started
 * @param cluster how this process takes part in a cluster; empty if it is a service by itself
 * @param http settings of the API, with the limits on one delivery over any ingest source
 * @param access names of the files for the access to the API
 * @param budget limits of the stored images, and how they are coded
 * @param resizing how all ingest sources bring images to one size; empty if all images must have the same shape
 * @param channels channels of the images of a new service, 1 (grey) or 3; empty if the first image decides
 * @param intake limits on all data that the service holds
 * @param evaluation policy for held-out evaluation; empty if the memory is not evaluated
 * @param kafka settings of the Kafka source, without the properties in the file; empty if samples are not read from
 *     Kafka
 * @param kafkaProperties file with further properties for the Kafka clients
 * @param watch settings of the folder source; empty if no folder is watched
 * @param metricsPort separate port of the metrics on the loopback interface; empty if the API serves the metrics
 * @param maxClassSeries maximum number of classes with their own time series
 * @param logLevel least level of the messages of libraries and actors that are logged; the service's own messages are
 *     always logged
 * @param effective all effective values with their origins, in the order of their keys; secrets are hidden
 * @param warnings one warning for each environment variable or system property that looks like a setting but has no
 *     effect
 */
public record ServiceConfig(
        Optional<EngineName> engine,
        StoreConfig store,
        Optional<ClusterSettings> cluster,
        HttpSettings http,
        AccessFiles.Names access,
        LearningConfig learning,
        MemoryBudget budget,
        Optional<Resizing> resizing,
        OptionalInt channels,
        IntakeLimits intake,
        Optional<EvaluationPolicy> evaluation,
        Optional<KafkaSettings> kafka,
        Optional<Path> kafkaProperties,
        Optional<FolderSettings> watch,
        OptionalInt metricsPort,
        int maxClassSeries,
        Level logLevel,
        List<Setting> effective,
        List<String> warnings) {

    private static final String ROOT = "reverie";

    /** The sections whose settings decide what is learned and stored. */
    private static final Set<String> AGREED = Set.of(
            "reverie.learning.",
            "reverie.memory.",
            "reverie.ingest.",
            "reverie.evaluation.",
            "reverie.limits.",
            "reverie.reservoir.",
            "reverie.watch.");

    private static final String LOG_FORMAT = "REVERIE_LOG_FORMAT";

    /** The formats that {@code logback.xml} defines. With any other word, nothing would be logged. */
    private static final Set<String> LOG_FORMATS = Set.of("", "json", "text");

    /**
     * One effective setting.
     *
     * @param key full name of the key, for example {@code reverie.http.port}
     * @param value the value as text; secrets are hidden
     * @param origin source of the value, for example {@code default}, {@code environment variable REVERIE_HTTP_PORT} or
     *     {@code my.conf: 3}
     */
    public record Setting(String key, String value, String origin) {}

    public ServiceConfig {
        effective = List.copyOf(effective);
        warnings = List.copyOf(warnings);
    }

    /** Like {@link #load(ConfigSources)}, without system properties. */
    public static ServiceConfig load(
            Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        return load(new ConfigSources(file, environment, Set.of(), overrides));
    }

    /**
     * Reads a configuration from its sources: options, environment, file and defaults, in this order of precedence.
     *
     * @throws ConfigurationException if the file cannot be read, a key is unknown or a value is not allowed; reports
     *     all problems
     */
    static ServiceConfig load(ConfigSources sources) {
        ConfigLayers layers = new ConfigLayers(sources);
        ConfigSection root = new ConfigSection(layers, ROOT);
        ServiceConfig config =
                SettingsReader.read(root, effective(layers), UnknownNames.warnings(sources, layers.keys()));
        List<String> problems = Stream.of(
                        layers.problems().stream(),
                        root.problems().stream(),
                        problemOfLogFormat(sources.environment()).stream())
                .flatMap(Function.identity())
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return config;
    }

    private static Optional<String> problemOfLogFormat(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(LOG_FORMAT))
                .filter(format -> !LOG_FORMATS.contains(format))
                .map(format -> "the environment variable " + LOG_FORMAT + " is '" + format
                        + "': set it to text or json, or unset it");
    }

    /** The size to which all ingest sources bring images; empty if the first image decides it. */
    public Optional<TargetSize> imageSize() {
        return resizing.map(Resizing::size);
    }

    /**
     * Opens the store, for this process alone or as a node of a cluster.
     *
     * @throws StoreException as {@link StoreConfig#open}
     */
    public StoreConfig.Opened openStore() {
        return store.open(
                cluster.isPresent(),
                learning.factor(),
                FactorRule.of(budget.coding().maxBytes()),
                imageSize());
    }

    /** Returns the settings that must be the same on all nodes of a cluster, by key. */
    public Map<String, String> agreement() {
        return effective.stream()
                .filter(setting -> AGREED.stream().anyMatch(setting.key()::startsWith))
                .collect(Collectors.toUnmodifiableMap(Setting::key, Setting::value));
    }

    private static List<Setting> effective(ConfigLayers layers) {
        Config values = layers.effective();
        return layers.keys().all().stream()
                .map(key ->
                        new Setting(key, ConfigSection.shown(values, key), ConfigLayers.origin(values.getValue(key))))
                .toList();
    }

    /** Formats each effective value on a line, with its origin as a comment; secrets are hidden. */
    public String describe() {
        int width = effective.stream()
                .mapToInt(setting -> line(setting).length())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder();
        for (Setting setting : effective) {
            text.append(("%-" + width + "s  # %s%n").formatted(line(setting), setting.origin()));
        }
        return text.toString();
    }

    private static String line(Setting setting) {
        return setting.key() + " = " + setting.value();
    }
}
