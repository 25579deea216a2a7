package dev.reverie.deploy.cli;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ConfigSources;
import dev.reverie.deploy.config.ConfigurationException;
import dev.reverie.deploy.config.ConfiguredFiles;
import dev.reverie.deploy.config.ReloadableValue;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.deploy.serve.ConfigReload;
import dev.reverie.deploy.serve.RunningService;
import dev.reverie.deploy.serve.ServiceLog;
import dev.reverie.deploy.serve.ServiceStarter;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the service until a signal stops it. */
@Command(
        name = "serve",
        sortOptions = false,
        header = "Runs the service: accepts a live stream of labelled images and distils it continuously.",
        description = "By default, listens on this machine only and stores everything in a folder. Runs until it is"
                + " stopped. On SIGTERM or Ctrl-C, the service stops accepting samples, saves its state and"
                + " exits. Acknowledged samples survive every kind of exit, including a crash.",
        footer = {
            "",
            "Every configuration key has a default. Set keys in the --config file or as environment variables:",
            "REVERIE_HTTP_PORT sets reverie.http.port. --check prints all keys.",
            "",
            "Examples:",
            "  reverie serve",
            "  reverie serve --store /var/lib/reverie --port 9000",
            "  reverie serve --resize 64x64",
            "  reverie serve --config reverie.conf --check",
            "  reverie replay --dataset fashion-mnist --to http://127.0.0.1:8080      (in another terminal)"
        })
final class ServeCommand implements Callable<Integer> {

    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final double BYTES_PER_MB = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final String BROKEN = "the service failed and has stopped; all acknowledged samples are in its"
            + " store: look for the cause in the log, then start it again";

    private static final String OUT_OF_MEMORY = "set for example REVERIE_JAVA_OPTS=-Xmx4g, or lower"
            + " reverie.limits.reservoir or reverie.memory.images-per-class, then start the service again: all"
            + " acknowledged samples are in its store.";

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file in HOCON.")
    Optional<Path> config = Optional.empty();

    @Option(names = "--store", paramLabel = "DIR", description = "Folder of the store (default: reverie-store).")
    Optional<Path> store = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Port to listen on (default: 8080; 0 chooses a free port).")
    Optional<Integer> port = Optional.empty();

    @Option(
            names = "--resize",
            paramLabel = "WxH",
            description = "Resize all images to this width and height, for example 64x64, and convert between grey and"
                    + " colour. Without it, all images must have the same shape.")
    Optional<String> resize = Optional.empty();

    @Option(
            names = "--fit",
            paramLabel = "F",
            description =
                    "How --resize treats other proportions: crop cuts off the edges, pad adds black bars (default:"
                            + " crop).")
    Optional<String> fit = Optional.empty();

    @Option(names = "--insecure", description = "Accept remote clients without a token, if no tokens are configured.")
    boolean insecure;

    @Option(names = "--check", description = "Print the effective configuration, report errors in it, and exit.")
    boolean check;

    private final CliContext context;

    ServeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ReloadableValue<ServiceConfig> live =
                new ConfigSources(config, context.environment(), context.properties(), overrides()).open();
        ServiceConfig wanted = live.value();
        // a host without an address, or a missing folder, may be there later, so the checks for these come last
        wanted.kafka().ifPresent(_ -> ConfiguredFiles.kafkaProperties(wanted));
        wanted.cluster().ifPresent(ConfiguredFiles::requireNode);
        AccessFiles access = AccessFiles.of(wanted);
        wanted.watch().ifPresent(ConfiguredFiles::requireFolder);
        return check ? check(wanted) : serve(live, access);
    }

    private int check(ServiceConfig wanted) {
        context.terminal().out().print(wanted.describe());
        context.terminal().out().flush();
        if (!wanted.warnings().isEmpty()) {
            throw new ConfigurationException(wanted.warnings());
        }
        return ExitCode.DONE;
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new HashMap<>();
        store.ifPresent(folder -> overrides.put("reverie.store.folder", folder.toString()));
        port.ifPresent(number -> overrides.put("reverie.http.port", number.toString()));
        resize.ifPresent(size -> overrides.put("reverie.ingest.resize", size));
        fit.ifPresent(word -> overrides.put("reverie.ingest.fit", word));
        if (insecure) {
            overrides.put("reverie.http.insecure", "true");
        }
        return overrides;
    }

    private int serve(ReloadableValue<ServiceConfig> live, AccessFiles access) {
        ServiceConfig wanted = live.value();
        ServiceLog log = new ServiceLog();
        ServiceLog.level(wanted.logLevel());
        ConfigReload reload = new ConfigReload(live, access, log, ServiceLog::level);
        InterruptSignal.onHangup(reload::reload);
        log.say("opening the store " + wanted.store().name());
        wanted.warnings().forEach(warning -> log.on(new TelemetryEvent.Warning(warning)));
        wanted.cluster()
                .flatMap(ClusterSettings::advice)
                .ifPresent(advice -> log.on(new TelemetryEvent.Warning(advice)));
        wanted.engine().ifPresent(Device::require);
        Objects.requireNonNull(context.kernels().get(), "an unusable device fails here, before the store is opened");
        CompletableFuture<InterruptSignal.Signal> signal = new CompletableFuture<>();
        try (InterruptSignal interruption = InterruptSignal.listenInService(signal::complete, InterruptSignal::halt);
                FatalExit fatal = FatalExit.explain(OUT_OF_MEMORY, context.terminal()::note)) {
            RunningService service = new ServiceStarter(
                            wanted, context.engines(), context.clock(), context.nanos(), List.of(log))
                    .start(access);
            service.repeat(ConfigReload.INTERVAL, reload::check);
            log.say("listening on " + service.address());
            service.storeRead()
                    .thenAccept(found -> log.say("the store " + wanted.store().name() + " has " + described(found)))
                    .thenCompose(_ -> service.footprint())
                    .thenAccept(found -> log.say(described(found)));
            service.ended().thenAccept(done -> {
                fatal.close(); // this failure has a report of its own
                signal.completeExceptionally(new IOException(BROKEN));
            });
            return stop(service, signal.join(), log);
        }
    }

    private static int stop(RunningService service, InterruptSignal.Signal signal, ServiceLog log) {
        log.say("stopping: saving all accepted samples and the memory");
        if (!service.stop(GRACE).toCompletableFuture().join()) {
            log.say("stopped, but the memory could not be saved completely: see the warnings above. All acknowledged"
                    + " samples are in the store. The next start continues from the last save");
            return ExitCode.FAILED;
        }
        log.say("stopped");
        return signal == InterruptSignal.Signal.INT ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    static String described(Footprint footprint) {
        int cells = footprint.factor() * footprint.factor();
        return ("an image has %,d bytes, %sa class takes %.1f MB of the heap, at most %s fit, and the process takes at"
                        + " most about %.1f GB")
                .formatted(
                        footprint.imageBytes(),
                        cells == 1 ? "" : "each stored image has " + cells + " small ones, ",
                        footprint.classBytes() / BYTES_PER_MB,
                        Plural.of(footprint.maxClasses(), "class", "classes"),
                        footprint.processBytes() / BYTES_PER_GB);
    }

    private static String described(ClassNotification.StoreLoaded found) {
        String known = found.classes() == 0
                ? "no classes yet"
                : Plural.of(found.classes(), "class", "classes") + ", "
                        + Plural.of(found.samples(), "accepted sample") + ", "
                        + Plural.of(found.images(), "stored real image");
        return found.failing().isEmpty()
                ? known
                : known + ". These classes cannot be read or written for now, as the warnings above explain: "
                        + String.join(", ", found.failing());
    }
}
