package dev.reverie.deploy.cli;

import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.KafkaConfig;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.config.WatchConfig;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.deploy.serve.RunningService;
import dev.reverie.deploy.serve.ServiceLog;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is told to stop. */
@Command(
        name = "serve",
        sortOptions = false,
        header = "Takes in live labelled images and distils them without an end.",
        description = "Listens on this machine alone, keeps everything in a folder, and runs until it is told to stop."
                + " SIGTERM or Ctrl-C takes nothing more, saves, and ends; what was acknowledged survives any end.",
        footer = {
            "",
            "Every key of the configuration has a default, and can be set by --config, or by the environment:",
            "reverie.http.port is REVERIE_HTTP_PORT. --check shows all of them.",
            "",
            "Examples:",
            "  reverie serve",
            "  reverie serve --store /var/lib/reverie --port 9000",
            "  reverie serve --config reverie.conf --check",
            "  reverie replay --dataset fashion-mnist --to http://127.0.0.1:8080      (in another terminal)"
        })
final class ServeCommand implements Callable<Integer> {

    private static final Duration GRACE = Duration.ofSeconds(15);

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration in HOCON.")
    Optional<Path> config = Optional.empty();

    @Option(names = "--store", paramLabel = "DIR", description = "Folder of the store (default: reverie-store).")
    Optional<Path> store = Optional.empty();

    @Option(names = "--port", paramLabel = "P", description = "Port to listen on (default: 8080; 0: any).")
    Optional<Integer> port = Optional.empty();

    @Option(names = "--insecure", description = "Let others than this machine come without a token.")
    boolean insecure;

    @Option(names = "--check", description = "Show the configuration in force, and whether it is sound, and exit.")
    boolean check;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final CliContext surroundings;

    ServeCommand(CliContext surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ServiceConfig wanted = ServiceConfig.load(config, System.getenv(), overrides());
        AccessFiles.of(wanted);
        wanted.kafka().ifPresent(KafkaConfig::properties);
        wanted.watch().ifPresent(WatchConfig::requireFolder);
        if (check) {
            surroundings.terminal().out().print(wanted.describe());
            surroundings.terminal().out().flush();
            return ExitCode.DONE;
        }
        Objects.requireNonNull(surroundings.kernels().get(), "a device that can't be used is found out now");
        return serve(wanted);
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new HashMap<>();
        store.ifPresent(folder -> overrides.put("reverie.store.folder", folder.toString()));
        port.ifPresent(number -> overrides.put("reverie.http.port", number.toString()));
        if (insecure) {
            overrides.put("reverie.http.insecure", "true");
        }
        return overrides;
    }

    private int serve(ServiceConfig wanted) {
        CompletableFuture<InterruptSignal.Signal> signal = new CompletableFuture<>();
        ServiceLog lines = new ServiceLog();
        try (InterruptSignal interruption = InterruptSignal.listen(signal::complete, InterruptSignal::halt)) {
            RunningService service =
                    RunningService.start(wanted, surroundings.engines(), surroundings.clock(), List.of(lines));
            lines.say("listening on " + service.address());
            service.storeRead()
                    .thenAccept(found -> lines.say("the store " + wanted.store().name() + " has " + described(found)));
            service.ended()
                    .thenAccept(
                            done -> signal.completeExceptionally(
                                    new IllegalStateException(
                                            "the service broke down, and what it had acknowledged is in its store: see the log, and start it again")));
            InterruptSignal.Signal end = signal.join();
            lines.say("stopping: saving what was taken in and learned");
            if (!service.stop(GRACE).toCompletableFuture().join()) {
                lines.say("stopped, but not everything that was learned could be saved within " + GRACE.toSeconds()
                        + " s: what was acknowledged is in the store, and learning goes on from the last save");
                return ExitCode.FAILED;
            }
            lines.say("stopped");
            return end == InterruptSignal.Signal.INT ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    private static String described(ClassNotification.StoreRead found) {
        String known = found.classes() == 0
                ? "nothing in it yet"
                : "%,d classes, %,d samples taken in, %,d real images kept"
                        .formatted(found.classes(), found.samples(), found.images());
        return found.unreadable().isEmpty()
                ? known
                : known + "; can't be read or written for now, see above: " + String.join(", ", found.unreadable());
    }
}
