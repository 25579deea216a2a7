package dev.reverie.deploy.config;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import dev.reverie.actors.evaluation.ConvNetTrainer;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
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

/** Reads the settings of each component from its sections of a configuration. */
final class SettingsReader {

    private static final String TIMEOUT = "100 ms to 1 h";
    private static final String PORTS = "0 to 65535";
    private static final String UP_TO_MILLION = "1 to 1000000";
    private static final String BYTES = "1 B to 1 GiB";

    /** Default size of a delivery. */
    private static final int BODY = 8 << 20;

    private static final int BODY_OF_PHOTOS = 64 << 20;

    /** The minimum height and width of images, in pixels. */
    private static final int MIN_SIDE = 2;

    private SettingsReader() {}

    /** Reads all settings. If the sections have problems, the result is of no use but to find all of them. */
    static ServiceConfig read(ConfigSection root, List<ServiceConfig.Setting> effective, List<String> warnings) {
        ConfigSection http = root.at("http");
        int port = http.integer("port", PORTS);
        StoreConfig store = StoreConfig.read(root.at("store"));
        Optional<ClusterSettings> cluster =
                cluster(root.at("cluster"), store.postgres().isPresent(), port);
        LearningConfig learning = LearningConfig.read(root.at("learning"));
        Optional<Resizing> resizing =
                resizing(root.at("ingest"), learning.factor().orElse(1));
        ConfigSection memory = root.at("memory");
        ConfigSection limits = root.at("limits");
        IngestLimits ofDelivery = ingestLimits(limits, resizing.isPresent());
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
                resizing,
                channels(root.at("ingest"), resizing.isPresent()),
                intakeLimits(limits, root.at("reservoir")),
                evaluation(root.at("evaluation")),
                kafka(kafka, cluster)
                        .map(settings -> settings.withLimits(ofDelivery).withResizing(resizing)),
                kafka.optionalPath("client-properties"),
                watch(root.at("watch"))
                        .map(settings -> settings.withLimits(ofDelivery).withResizing(resizing)),
                metricsPort(metrics, port, cluster),
                metrics.integer("max-class-series", "0 to 10000"),
                root.at("log").constant("level", Level.class),
                effective,
                warnings);
    }

    private static HttpSettings http(ConfigSection http, int port, IngestLimits limits, Optional<Resizing> resizing) {
        return http.combined(() -> new HttpSettings(
                        withoutBrackets(http.text("host")),
                        port,
                        http.flag("insecure"),
                        http.integer("connections", "1 to 65536"),
                        http.duration("head-time", TIMEOUT),
                        http.duration("keep-alive", TIMEOUT),
                        http.duration("body-time", TIMEOUT),
                        http.duration("answer-time", TIMEOUT),
                        http.bytes("answer-rate", "1 KiB to 1 GiB"),
                        http.duration("idle-time", TIMEOUT),
                        http.duration("backup-time", TIMEOUT),
                        http.duration("heartbeat", TIMEOUT),
                        http.bytes("bytes-in-hand", "1 KiB to 64 GiB"),
                        http.integer("batch-images", UP_TO_MILLION),
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
        int port = cluster.integer("port", "1 to 65535");
        Optional<String> bindHost = cluster.optionalText("bind-host");
        List<String> seeds = cluster.texts("seeds");
        int members = cluster.integer("members", "0 to " + ClusterSettings.MAX_MEMBERS);
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
        Coding coding = new Coding(
                memory.constant("coding", PictureFormat.class),
                memory.integer("quality", "1 to 100"),
                ifSet(memory.bytes("bytes-per-class", "0 B to 1 GiB")));
        int images = memory.integer("total-images", "0 to 100000000");
        long bytes = memory.bytes("total-bytes", "0 B to 1 TiB");
        memory.require(images == 0 || bytes == 0, "total-bytes", "set only one of total-images and total-bytes");
        return new MemoryBudget(memory.integer("images-per-class", "1 to 10000"), coding, ifSet(images), ifSet(bytes));
    }

    private static OptionalLong ifSet(long number) {
        return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static OptionalInt ifSet(int number) {
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Reads the limits of a delivery; by default, a service that resizes takes the largest files of cameras. */
    private static IngestLimits ingestLimits(ConfigSection limits, boolean resizes) {
        int body = limits.bytesOrAuto("body", BYTES).orElse(resizes ? BODY_OF_PHOTOS : BODY);
        return new IngestLimits(
                body,
                limits.integer("images", UP_TO_MILLION),
                limits.integer("pixels", "1 to 100000000"),
                Math.toIntExact(limits.bytes("unpacked", BYTES)),
                limits.integer("unpack-ratio", "1 to 100000"),
                // percent-encoded in 12 characters each, so many code points fit into the path of a class
                limits.integer("label-length", "1 to 512"),
                limits.integer("id-length", "1 to 1024"),
                limits.bytesOrAuto("line", BYTES).orElse(Math.max(1, body / 2)));
    }

    private static IntakeLimits intakeLimits(ConfigSection limits, ConfigSection reservoir) {
        return new IntakeLimits(
                limits.integer("classes", UP_TO_MILLION),
                limits.integer("images-per-class", UP_TO_MILLION),
                limits.bytes("bytes-per-class", "1 KiB to 1 GiB"),
                limits.bytes("reservoir", "1 KiB to 1 TiB"),
                limits.integer("repetitions-per-class", "0 to 100000000"),
                limits.whole("repetitions", "0 to 10000000000"),
                limits.bytes("bytes-in-flight", "1 KiB to 64 GiB"),
                Optional.of(reservoir.duration("max-age", "0 s to 3650 d")).filter(Duration::isPositive));
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

    /**
     * Reads the channels of a new service. Photos have colours, which a grey first photo must not take from all others.
     */
    private static OptionalInt channels(ConfigSection ingest, boolean resizes) {
        Optional<String> told = ingest.oneOfOrAuto("channels", List.of("grey", "colour"), Function.identity());
        boolean decidedByFirst = told.isEmpty() && !resizes;
        return decidedByFirst ? OptionalInt.empty() : OptionalInt.of(told.equals(Optional.of("grey")) ? 1 : 3);
    }

    /** Reads the policy of held-out evaluation; empty if the memory is not evaluated. */
    private static Optional<EvaluationPolicy> evaluation(ConfigSection evaluation) {
        boolean enabled = evaluation.flag("enabled");
        EvaluationPolicy policy = new EvaluationPolicy(
                evaluation.duration("interval", "1 s to 7 d"),
                evaluation.decimal("test-share", "0.001 to 0.5"),
                evaluation.integer("min-images", UP_TO_MILLION),
                evaluation.integer("max-images", UP_TO_MILLION),
                evaluation.bytes("max-bytes", "1 KiB to 1 TiB"),
                evaluation.decimal("share", "0.001 to 1"),
                new ConvNetTrainer(
                        evaluation.integer("width", "1 to 1024"), evaluation.integer("steps", UP_TO_MILLION), 0));
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
                "it must be the name of a topic, 1 to 249 of the letters a-z and A-Z, digits, dots, dashes and"
                        + " underscores");
        return topic;
    }

    private static Optional<FolderSettings> watch(ConfigSection watch) {
        After after = watch.constant("after", After.class);
        return watch.optionalPath("folder")
                .map(folder -> FolderSettings.of(folder, after).withFollowLinks(watch.flag("follow-links")));
    }

    /** Reads the separate port of the metrics; empty if the API serves them. */
    private static OptionalInt metricsPort(ConfigSection metrics, int httpPort, Optional<ClusterSettings> cluster) {
        int port = metrics.integer("port", PORTS);
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
