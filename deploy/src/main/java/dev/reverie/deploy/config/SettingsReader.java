package dev.reverie.deploy.config;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.ClusterTls;
import dev.reverie.actors.evaluation.ConvNetTrainer;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.synthetic.DeadZone;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.http.HttpSettings;
import dev.reverie.streams.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.event.Level;

/** Reads the settings of each component from its sections of a configuration. Not thread safe. */
final class SettingsReader {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 65_536;
    private static final int MAX_RATIO = 100_000;
    private static final int MAX_SERIES = 10_000;
    private static final int MAX_IMAGES_PER_CLASS = 10_000;
    private static final int MAX_WIDTH = 1024;
    private static final int MILLION = 1_000_000;
    private static final int HUNDRED_MILLION = 100 * MILLION;
    /** Percent-encoded in 12 characters each, so many code points fit into the path of a class. */
    private static final int MAX_LABEL_LENGTH = 512;

    private static final int MAX_ID_LENGTH = 1024;
    /** The minimum height and width of images, in pixels. */
    private static final int MIN_SIDE = 2;

    private static final AllowedRange<Duration> MAX_AGE =
            AllowedRange.durations(Duration.ZERO, Duration.ofDays(3650), "0 s to 3650 d");
    private static final AllowedRange<Duration> INTERVAL =
            AllowedRange.durations(Duration.ofSeconds(1), Duration.ofDays(7), "1 s to 7 d");

    private final ConfigSection root;

    SettingsReader(ConfigSection root) {
        this.root = root;
    }

    /** Reads all settings. If the sections have problems, the result is of no use but to find all of them. */
    ServiceConfig read(List<ServiceConfig.Setting> effective, List<String> warnings) {
        ConfigSection http = root.at("http");
        int port = http.integer("port", 0, MAX_PORT);
        StoreConfig store = StoreConfig.read(root.at("store"));
        Optional<ClusterSettings> cluster =
                cluster(root.at("cluster"), store.postgres().isPresent(), port);
        LearningConfig learning = LearningConfig.read(root.at("learning"));
        Optional<Resizing> resizing =
                resizing(root.at("ingest"), learning.loop().factor().orElse(1));
        ConfigSection memory = root.at("memory");
        ConfigSection limits = root.at("limits");
        IngestLimits ofDelivery = ingestLimits(limits);
        ConfigSection kafka = root.at("kafka");
        ConfigSection metrics = root.at("metrics");
        return new ServiceConfig(
                EngineName.of(root.oneOf("engine", EngineName.CHOICES, Function.identity())),
                store,
                cluster,
                http(http, port, ofDelivery, resizing),
                new AccessFiles.Names(http.optionalPath("tokens-file"), tls(http.at("tls"))),
                learning,
                budget(memory),
                new DeadZone(memory.decimal("dead-zone", AllowedRange.decimals(0, 1, "0 to 1"))),
                resizing,
                intakeLimits(limits, root.at("reservoir")),
                evaluation(root.at("evaluation")),
                kafka(kafka, cluster)
                        .map(settings -> settings.withLimits(ofDelivery).withResizing(resizing)),
                kafka.optionalPath("client-properties"),
                watch(root.at("watch"))
                        .map(settings -> settings.withLimits(ofDelivery).withResizing(resizing)),
                metricsPort(metrics, port, cluster),
                metrics.integer("max-class-series", 0, MAX_SERIES),
                root.at("log").constant("level", Level.class),
                effective,
                warnings);
    }

    private static HttpSettings http(ConfigSection http, int port, IngestLimits limits, Optional<Resizing> resizing) {
        String host = withoutBrackets(http.text("host"));
        boolean insecure = http.flag("insecure");
        int connections = http.integer("connections", 1, MAX_CONNECTIONS);
        Duration headTime = http.duration("head-time", AllowedRange.TIMEOUT);
        Duration keepAlive = http.duration("keep-alive", AllowedRange.TIMEOUT);
        Duration bodyTime = http.duration("body-time", AllowedRange.TIMEOUT);
        Duration answerTime = http.duration("answer-time", AllowedRange.TIMEOUT);
        long answerRate = http.bytes("answer-rate", AllowedRange.KIBIBYTE, AllowedRange.GIBIBYTE);
        Duration idleTime = http.duration("idle-time", AllowedRange.TIMEOUT);
        Duration backupTime = http.duration("backup-time", AllowedRange.TIMEOUT);
        Duration heartbeat = http.duration("heartbeat", AllowedRange.TIMEOUT);
        long pendingBytes = http.bytes("bytes-in-hand", AllowedRange.KIBIBYTE, 64 * AllowedRange.GIBIBYTE);
        int batchImages = http.integer("batch-images", 1, MILLION);
        return http.combined(() -> new HttpSettings(
                        host,
                        port,
                        insecure,
                        connections,
                        headTime,
                        keepAlive,
                        bodyTime,
                        answerTime,
                        answerRate,
                        idleTime,
                        backupTime,
                        heartbeat,
                        pendingBytes,
                        batchImages,
                        limits,
                        resizing))
                .orElseGet(() -> HttpSettings.on(port));
    }

    /** Removes the brackets of an IPv6 address, which it has in a URL only. */
    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static Optional<AccessFiles.Tls> tls(ConfigSection tls) {
        Optional<Path> certificate = tls.optionalPath("certificate");
        Optional<Path> key = tls.optionalPath("key");
        tls.require(certificate.isPresent() || key.isEmpty(), "certificate", "set the certificate of the key, too");
        tls.require(key.isPresent() || certificate.isEmpty(), "key", "set the key of the certificate, too");
        return certificate.flatMap(chain -> key.map(secret -> new AccessFiles.Tls(chain, secret)));
    }

    /** Reads how the process takes part in a cluster; empty for a single process. */
    private static Optional<ClusterSettings> cluster(ConfigSection cluster, boolean storeOnServer, int httpPort) {
        boolean enabled = cluster.flag("enabled");
        String host = cluster.text("host");
        int port = cluster.integer("port", 1, MAX_PORT);
        Optional<String> bindHost = cluster.optionalText("bind-host");
        List<String> seeds = cluster.texts("seeds");
        int members = cluster.integer("members", 0, ClusterSettings.MAX_MEMBERS);
        Optional<ClusterTls> tls = clusterTls(cluster.at("tls"));
        if (!enabled) {
            return Optional.empty();
        }
        cluster.require(
                storeOnServer,
                "enabled",
                "the nodes of a cluster share a store on a PostgreSQL server: set reverie.store.postgres.url");
        cluster.require(!seeds.isEmpty(), "seeds", "name one or more nodes as host:port, the same ones on every node");
        cluster.require(members > 0, "members", "set it to the number of nodes, the same one on every node");
        Optional<ClusterSettings> settings =
                cluster.combined(() -> new ClusterSettings(host, port, bindHost, seeds, members, tls));
        cluster.require(settings.isEmpty() || port != httpPort, "port", "choose another port than reverie.http.port");
        return settings;
    }

    private static Optional<ClusterTls> clusterTls(ConfigSection tls) {
        Optional<Path> certificate = tls.optionalPath("certificate");
        Optional<Path> key = tls.optionalPath("key");
        Optional<Path> authority = tls.optionalPath("authority");
        boolean any = certificate.isPresent() || key.isPresent() || authority.isPresent();
        tls.require(!any || certificate.isPresent(), "certificate", "set the certificate of the node, too");
        tls.require(!any || key.isPresent(), "key", "set the key of the certificate, too");
        tls.require(!any || authority.isPresent(), "authority", "set the certificate of the authority, too");
        return certificate.flatMap(
                own -> key.flatMap(secret -> authority.map(issuer -> new ClusterTls(own, secret, issuer))));
    }

    private static MemoryBudget budget(ConfigSection memory) {
        int perClass = memory.integer("images-per-class", 1, MAX_IMAGES_PER_CLASS);
        long bytesPerClass = memory.bytes("bytes-per-class", 0, AllowedRange.GIBIBYTE);
        int images = memory.integer("total-images", 0, HUNDRED_MILLION);
        long bytes = memory.bytes("total-bytes", 0, AllowedRange.TEBIBYTE);
        Bits bits = memory.constant("bits", Bits.class);
        memory.require(
                bytesPerClass == 0 || !memory.isSet("images-per-class"),
                "bytes-per-class",
                "set only one of images-per-class and bytes-per-class");
        memory.require(images == 0 || bytes == 0, "total-bytes", "set only one of total-images and total-bytes");
        return new MemoryBudget(perClass, ifSet(bytesPerClass), ifSet(images), ifSet(bytes), bits);
    }

    private static OptionalLong ifSet(long number) {
        return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static OptionalInt ifSet(int number) {
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static IngestLimits ingestLimits(ConfigSection limits) {
        return new IngestLimits(
                limits.bytesOfOne("body"),
                limits.integer("images", 1, MILLION),
                limits.integer("pixels", 1, HUNDRED_MILLION),
                limits.bytesOfOne("unpacked"),
                limits.integer("unpack-ratio", 1, MAX_RATIO),
                limits.integer("label-length", 1, MAX_LABEL_LENGTH),
                limits.integer("id-length", 1, MAX_ID_LENGTH),
                limits.bytesOfOne("line"));
    }

    private static IntakeLimits intakeLimits(ConfigSection limits, ConfigSection reservoir) {
        return new IntakeLimits(
                limits.integer("classes", 1, MILLION),
                limits.integer("images-per-class", 1, MILLION),
                limits.bytes("bytes-per-class", AllowedRange.KIBIBYTE, AllowedRange.GIBIBYTE),
                limits.bytes("reservoir", AllowedRange.KIBIBYTE, AllowedRange.TEBIBYTE),
                limits.integer("repetitions-per-class", 0, HUNDRED_MILLION),
                limits.whole("repetitions", AllowedRange.whole(0, 100L * HUNDRED_MILLION)),
                limits.bytes("bytes-in-flight", AllowedRange.KIBIBYTE, 64 * AllowedRange.GIBIBYTE),
                Optional.of(reservoir.duration("max-age", MAX_AGE)).filter(Duration::isPositive));
    }

    /** Reads how all ingest sources bring images to one size; empty if all images must have the same shape. */
    private static Optional<Resizing> resizing(ConfigSection ingest, int factor) {
        Resizing.Fit fit = ingest.constant("fit", Resizing.Fit.class);
        Optional<TargetSize> size = ingest.size("resize");
        ingest.require(
                fit == Resizing.Fit.CROP || ingest.isSet("resize"),
                "fit",
                "it only affects reverie.ingest.resize: set that, too, or omit the fit");
        int minSide = Math.max(MIN_SIDE, factor);
        ingest.require(
                size.stream().allMatch(each -> Math.min(each.width(), each.height()) >= minSide),
                "resize",
                "each side must have at least " + minSide + " pixels, and at least reverie.learning.factor");
        return size.map(each -> new Resizing(each, fit));
    }

    /** Reads the policy of held-out evaluation; empty if the memory is not evaluated. */
    private static Optional<EvaluationPolicy> evaluation(ConfigSection evaluation) {
        boolean enabled = evaluation.flag("enabled");
        EvaluationPolicy policy = new EvaluationPolicy(
                evaluation.duration("interval", INTERVAL),
                evaluation.decimal("test-share", AllowedRange.decimals(0.001, 0.5, "0.001 to 0.5")),
                evaluation.integer("min-images", 1, MILLION),
                evaluation.integer("max-images", 1, MILLION),
                evaluation.bytes("max-bytes", AllowedRange.KIBIBYTE, AllowedRange.TEBIBYTE),
                evaluation.decimal("share", AllowedRange.decimals(0.001, 1, "0.001 to 1")),
                new ConvNetTrainer(
                        evaluation.integer("width", 1, MAX_WIDTH), evaluation.integer("steps", 1, MILLION), 0));
        return Optional.of(policy).filter(_ -> enabled);
    }

    /** Reads the settings of the Kafka source; empty if samples are not read from Kafka. */
    private static Optional<KafkaSettings> kafka(ConfigSection kafka, Optional<ClusterSettings> cluster) {
        String servers = kafka.text("bootstrap-servers");
        String topic = topic(kafka, "topic");
        String group = kafka.text("group");
        String deadLetters = topic(kafka, "dead-letter-topic");
        kafka.require(!topic.equals(deadLetters), "dead-letter-topic", "it must differ from the topic of the samples");
        if (!kafka.flag("enabled")) {
            return Optional.empty();
        }
        return kafka.combined(() -> {
            KafkaSettings settings = KafkaSettings.of(servers, topic, group, deadLetters);
            return cluster.map(node -> settings.ofNode(node.address())).orElse(settings);
        });
    }

    private static String topic(ConfigSection kafka, String name) {
        String topic = kafka.text(name);
        kafka.require(
                KafkaSettings.isTopic(topic),
                name,
                "it must be the name of a topic, 1 to 249 of the letters a-z and A-Z, digits, dots, dashes and underscores");
        return topic;
    }

    /** Reads the settings of the folder source; empty if no folder is watched. */
    private static Optional<FolderSettings> watch(ConfigSection watch) {
        After after = watch.constant("after", After.class);
        return watch.optionalPath("folder").map(folder -> FolderSettings.of(folder, after));
    }

    /** Reads the separate port of the metrics; empty if the API serves them. */
    private static OptionalInt metricsPort(ConfigSection metrics, int httpPort, Optional<ClusterSettings> cluster) {
        int port = metrics.integer("port", 0, MAX_PORT);
        metrics.require(
                port == 0 || port != httpPort,
                "port",
                "choose another port than reverie.http.port, or 0 for metrics on that port");
        metrics.require(
                cluster.stream().noneMatch(node -> node.port() == port),
                "port",
                "choose another port than reverie.cluster.port");
        return ifSet(port);
    }
}
