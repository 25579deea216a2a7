package dev.reverie.lab.bench;

import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InterruptSignal;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.TemporaryFolder;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class ServiceCommands {

    private ServiceCommands() {}

    /** A benchmark of the service that the user names, or of one that the benchmark starts. */
    private abstract static class ServiceTask implements Callable<Integer> {

        @Mixin
        final ServiceBenchOptions service = new ServiceBenchOptions();

        final CliContext context;
        private final TemporaryService.Factory services;

        ServiceTask(CliContext context, TemporaryService.Factory services) {
            this.context = context;
            this.services = services;
        }

        abstract ServiceLoad load();

        abstract ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException;

        @Override
        public final Integer call() throws IOException {
            ServiceLoad load = load();
            try (ProgressView view = context.progress(service.json).begin("Measuring")) {
                ServiceLoad.Report report = report(load, done -> view.show(done, ""));
                context.terminal().out().println(service.json ? JsonOutput.line(report) : report.table());
            }
            return ExitCode.DONE;
        }

        private ServiceLoad.Report report(ServiceLoad load, DoubleConsumer onProgress) throws IOException {
            if (service.to.isPresent()) {
                return report(load, service.token.clientOf(service.to.get()), onProgress);
            }
            Method method = service.distilling ? Method.DREAM : Method.TILE; // TILE learns nothing
            DistillationSettings settings = Presets.quick("stream", service.shape, method, 10, 2, 0);
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
                if (service.distilling) {
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
            service.check();
            OptionCheck.range("--connections", Optional.of(connections), 1, 256);
            return new ServiceLoad(service.shape, batch, connections, context.nanos());
        }

        @Override
        ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException {
            return load.ingest(client, service.seconds, service.distilling, onProgress);
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
            service.check();
            OptionCheck.range("--images", Optional.of(images), 1, 4096);
            return new ServiceLoad(service.shape, FILLING, 1, context.nanos());
        }

        @Override
        ServiceLoad.Report measure(ServiceLoad load, ReverieClient client, DoubleConsumer onProgress)
                throws IOException {
            load.fill(client);
            return load.sample(client, images, service.seconds, service.distilling, onProgress);
        }
    }
}
