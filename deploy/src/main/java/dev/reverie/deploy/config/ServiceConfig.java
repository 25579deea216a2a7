package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.store.StoreException;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.streams.http.HttpSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of {@code reverie serve}. {@code service.conf} documents the keys with their units, ranges and
 * defaults.
 *
 * @param engine engine that must compute; empty for the one with which the program was started
 * @param cluster how this process takes part in a cluster; empty if it is a service by itself
 * @param evaluation policy for held-out evaluation; empty if the memory is not evaluated
 * @param kafka settings of the Kafka source; empty if samples are not read from Kafka
 * @param watch settings of the folder source; empty if no folder is watched
 * @param effective all effective values with their origins, in the order of their keys; secrets are hidden
 * @param warnings one warning for each environment variable or system property that looks like a setting but has no
 *     effect
 */
public record ServiceConfig(
        Optional<EngineName> engine,
        StoreConfig store,
        Optional<ClusterSettings> cluster,
        HttpConfig http,
        LearningConfig learning,
        MemoryConfig memory,
        IngestConfig ingest,
        LimitsConfig limits,
        Optional<EvaluationPolicy> evaluation,
        Optional<KafkaConfig> kafka,
        Optional<WatchConfig> watch,
        MetricsConfig metrics,
        LogConfig log,
        List<EffectiveSetting> effective,
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

    /** The minimum height and width of images, in pixels. */
    private static final int MIN_SIDE = 2;

    public ServiceConfig {
        effective = List.copyOf(effective);
        warnings = List.copyOf(warnings);
    }

    /** Like {@link #load(Optional, Map, Set, Map)}, without system properties. */
    public static ServiceConfig load(
            Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        return load(file, environment, Set.of(), overrides);
    }

    /**
     * Reads a configuration from its sources: options, environment, file and defaults, in this order of precedence.
     *
     * @param file configuration file in HOCON, if any
     * @param environment environment variables of the process
     * @param properties names of Java's system properties; they set nothing, and those that look like keys cause a
     *     warning
     * @param overrides values from the command line by key, for example {@code reverie.http.port}
     * @throws ConfigurationException if the file cannot be read, a key is unknown or a value is not allowed; reports
     *     all problems
     */
    public static ServiceConfig load(
            Optional<Path> file,
            Map<String, String> environment,
            Set<String> properties,
            Map<String, String> overrides) {
        ConfigLayers layers = new ConfigLayers(file, environment, overrides);
        ConfigSection root = new ConfigSection(layers, ROOT);
        List<String> warnings = Stream.concat(
                        UnknownVariables.unknown(environment, layers.keys()).stream(),
                        UnusedProperties.unused(properties, layers.keys()).stream())
                .toList();
        ServiceConfig config = read(root, effective(layers), warnings);
        List<String> problems = Stream.of(
                        layers.problems().stream(),
                        root.problems().stream(),
                        LogConfig.problemOfFormat(environment).stream())
                .flatMap(Function.identity())
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return config;
    }

    private static ServiceConfig read(ConfigSection root, List<EffectiveSetting> effective, List<String> warnings) {
        ConfigSection http = root.at("http");
        ConfigSection ingest = root.at("ingest");
        ConfigSection cluster = root.at("cluster");
        ConfigSection metrics = root.at("metrics");
        StoreConfig store = StoreConfig.read(root.at("store"));
        ServiceConfig config = new ServiceConfig(
                EngineName.of(root.oneOf("engine", EngineName.CHOICES, Function.identity())),
                store,
                ClusterConfig.read(cluster, store.postgres().isPresent()),
                HttpConfig.read(http),
                LearningConfig.read(root.at("learning")),
                MemoryConfig.read(root.at("memory")),
                IngestConfig.read(ingest),
                LimitsConfig.read(root.at("limits"), root.at("reservoir")),
                EvaluationConfig.read(root.at("evaluation")),
                KafkaConfig.read(root.at("kafka")),
                WatchConfig.read(root.at("watch")),
                MetricsConfig.read(metrics),
                LogConfig.read(root.at("log")),
                effective,
                warnings);
        http.requireAcceptedBy(config::httpSettings);
        int minSide = Math.max(MIN_SIDE, config.learning().loop().factor().orElse(1));
        ingest.require(
                config.ingest().size().stream().allMatch(size -> Math.min(size.width(), size.height()) >= minSide),
                "resize",
                "each side must have at least " + minSide + " pixels, and at least reverie.learning.factor");
        config.requireDistinctPorts(cluster, metrics);
        return config;
    }

    private void requireDistinctPorts(ConfigSection clusterSection, ConfigSection metricsSection) {
        clusterSection.require(
                cluster.stream().noneMatch(node -> node.port() == http.port()),
                "port",
                "choose another port than reverie.http.port");
        metricsSection.require(
                metrics.port().stream().noneMatch(port -> port == http.port()),
                "port",
                "choose another port than reverie.http.port, or 0 for metrics on that port");
        metricsSection.require(
                cluster.stream().noneMatch(node -> node.port() == metrics.port().orElse(0)),
                "port",
                "choose another port than reverie.cluster.port");
    }

    /**
     * Returns the settings of the HTTP server.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public HttpSettings httpSettings() {
        return http.settings(limits.ingest(), ingest.resizing());
    }

    /**
     * Opens the store, for this process alone or as a node of a cluster.
     *
     * @throws StoreException as {@link StoreConfig#open}
     */
    public StoreConfig.Opened openStore() {
        return store.open(cluster.isPresent(), learning.loop().factor(), ingest.size());
    }

    /** Returns the settings that must be the same on all nodes of a cluster, by key. */
    public Map<String, String> agreement() {
        return effective.stream()
                .filter(setting -> AGREED.stream().anyMatch(setting.key()::startsWith))
                .collect(Collectors.toUnmodifiableMap(EffectiveSetting::key, EffectiveSetting::value));
    }

    private static List<EffectiveSetting> effective(ConfigLayers layers) {
        Config values = layers.effective();
        return layers.keys().all().stream()
                .map(key -> new EffectiveSetting(
                        key, ConfigSection.shown(values, key), ConfigLayers.origin(values.getValue(key))))
                .toList();
    }

    /** Formats each effective value on a line, with its origin as a comment; secrets are hidden. */
    public String describe() {
        int width = effective.stream()
                .mapToInt(setting -> line(setting).length())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder();
        for (EffectiveSetting setting : effective) {
            text.append(("%-" + width + "s  # %s%n").formatted(line(setting), setting.origin()));
        }
        return text.toString();
    }

    private static String line(EffectiveSetting setting) {
        return setting.key() + " = " + setting.value();
    }
}
