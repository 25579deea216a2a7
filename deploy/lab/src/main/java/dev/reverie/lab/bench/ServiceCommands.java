package dev.reverie.lab.bench;

import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.TokenOption;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class ServiceCommands {

    private ServiceCommands() {}

    /** A benchmark of the service that the user names, or of one that the benchmark starts. */
    private abstract static class ServiceTask implements Callable<Integer> {

        /** The latencies of all requests stay in memory until the end. */
        private static final int MOST_SECONDS = 3600;

        @Option(
                names = "--to",
                paramLabel = "URL",
                description =
                        "Address of a running service to measure. The benchmark sends random images to it (default:"
                                + " a service that the benchmark starts).")
        Optional<URI> to = Optional.empty();

        @ArgGroup
        TokenOption token = new TokenOption();

        @Option(
                names = "--shape",
                paramLabel = "C,H,W",
                defaultValue = "1,28,28",
                description = "Shape of the images (default: ${DEFAULT-VALUE}).")
        ImageShape shape = new ImageShape(1, 28, 28);

        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "10",
                description = "Seconds to measure, at most " + MOST_SECONDS + " (default: ${DEFAULT-VALUE}).")
        int seconds;

        @Option(names = "--distilling", description = "Measure the service while it distils.")
        boolean distilling;

        @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
        boolean json;

        final CliContext context;
        private final TemporaryService.Factory services;

        ServiceTask(CliContext context, TemporaryService.Factory services) {
            this.context = context;
            this.services = services;
        }

        final void check() {
            OptionCheck.range("--seconds", Optional.of(seconds), 1, MOST_SECONDS);
            if (to.isEmpty() && token.isGiven()) {
                throw new InputException(
                        "a token has no effect on the service that the benchmark starts: name the service"
                                + " that requires it with --to, or omit the token");
            }
        }

        abstract ServiceLoad load();

        abstract ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException;

        @Override
        public final Integer call() throws IOException {
            ServiceLoad load = load();
            try (ProgressView view = context.progress(json).begin("Measuring")) {
                ServiceLoad.Report report = report(load, done -> view.show(done, ""));
                context.terminal().out().println(json ? JsonOutput.line(report) : report.table());
            }
            return ExitCode.DONE;
        }

        private ServiceLoad.Report report(ServiceLoad load, DoubleConsumer onProgress) throws IOException {
            if (to.isPresent()) {
                return report(load, token.clientOf(to.get()), onProgress);
            }
            Method method = distilling ? Method.DREAM : Method.TILE; // TILE learns nothing
            DistillationSettings settings = Presets.quick("stream", shape, method, 10, 2, 0);
            try (TemporaryFolder store = TemporaryFolder.in(Path.of(System.getProperty("java.io.tmpdir")));
                    InterruptSignal _ = InterruptSignal.listen(InterruptSignal::halt, InterruptSignal::halt);
                    FatalExit _ = FatalExit.explain(EngineBench.OUT_OF_MEMORY, context.terminal()::note);
                    TemporaryService started = services.start(settings, Map.of(), store.path())) {
                return report(load, ReverieClient.builder(started.address()).build(), onProgress);
            }
        }

        private ServiceLoad.Report report(ServiceLoad load, ReverieClient opened, DoubleConsumer onProgress)
                throws IOException {
            try (ReverieClient client = opened) {
                if (distilling) {
                    load.beginDistilling(client);
                }
                return measure(load, client, onProgress);
            }
        }
    }

    @Command(
            name = "ingest",
            sortOptions = false,
            header = "Measures how fast a service accepts images.",
            description =
                    "Sends random images of ten classes as NPZ batches over HTTP. The service responds once a batch"
                            + " is durable.",
            footer = {"", "Example:", "  reverie bench ingest --distilling --json"})
    static final class Ingest extends ServiceTask {

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "256",
                description = "Images per request (default: ${DEFAULT-VALUE}).")
        int batch;

        @Option(
                names = "--connections",
                paramLabel = "N",
                defaultValue = "2",
                description = "Concurrent requests (default: ${DEFAULT-VALUE}).")
        int connections;

        Ingest(CliContext context, TemporaryService.Factory services) {
            super(context, services);
        }

        @Override
        ServiceLoad load() {
            OptionCheck.range("--batch", Optional.of(batch), 1, 4096);
            check();
            OptionCheck.range("--connections", Optional.of(connections), 1, 256);
            return new ServiceLoad(shape, batch, connections, context.nanos());
        }

        @Override
        ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException {
            return load.ingest(client, seconds, distilling, onProgress);
        }
    }

    @Command(
            name = "sample",
            sortOptions = false,
            header = "Measures how fast a service returns random batches of its memory.",
            description = "Sends one request after another, like a training program that replays the memory.",
            footer = {"", "Example:", "  reverie bench sample --distilling --images 64"})
    static final class Sample extends ServiceTask {

        /** Images with which the memory is filled, few enough for one request. */
        private static final int FILLING = 64;

        @Option(
                names = "--images",
                paramLabel = "N",
                defaultValue = "64",
                description = "Images per batch (default: ${DEFAULT-VALUE}).")
        int images;

        Sample(CliContext context, TemporaryService.Factory services) {
            super(context, services);
        }

        @Override
        ServiceLoad load() {
            check();
            OptionCheck.range("--images", Optional.of(images), 1, 4096);
            return new ServiceLoad(shape, FILLING, 1, context.nanos());
        }

        @Override
        ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException {
            load.fill(client);
            return load.sample(client, images, seconds, distilling, onProgress);
        }
    }
}
