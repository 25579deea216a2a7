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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of a service. */
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

        /** A measurement of a service. */
        @FunctionalInterface
        interface Measuring {
            ServiceLoad.Report of(ReverieClient client, DoubleConsumer onProgress) throws IOException;
        }

        /** Measures the service, prints the report and returns the exit code. */
        final int measure(String activity, ServiceLoad load, Measuring measuring) throws IOException {
            try (ProgressView view = context.progress(service.json).begin(activity)) {
                ServiceLoad.Report report = report(load, measuring, done -> view.show(done, ""));
                context.terminal().out().println(service.json ? JsonOutput.line(report) : report.table());
            }
            return ExitCode.DONE;
        }

        private ServiceLoad.Report report(ServiceLoad load, Measuring measuring, DoubleConsumer onProgress)
                throws IOException {
            if (service.to.isPresent()) {
                return report(service.token.clientOf(service.to.get()), load, measuring, onProgress);
            }
            Method method = service.distilling ? Method.DREAM : Method.TILE; // TILE learns nothing
            DistillationSettings settings = Presets.quick("stream", service.shape, method, 10, 2, 0);
            try (TemporaryFolder store = TemporaryFolder.in(Path.of(System.getProperty("java.io.tmpdir")));
                    InterruptSignal _ = InterruptSignal.listen(InterruptSignal::halt, InterruptSignal::halt);
                    FatalExit _ = FatalExit.explain(EngineBench.OUT_OF_MEMORY, context.terminal()::note);
                    TemporaryService started = services.start(settings, OptionalInt.empty(), store.path())) {
                ReverieClient client = ReverieClient.builder(started.address()).build();
                return report(client, load, measuring, onProgress);
            }
        }

        private ServiceLoad.Report report(
                ReverieClient opened, ServiceLoad load, Measuring measuring, DoubleConsumer onProgress)
                throws IOException {
            try (ReverieClient client = opened) {
                if (service.distilling) {
                    load.beginDistilling(client);
                }
                return measuring.of(client, onProgress);
            }
        }
    }

    /** Times durable ingest over HTTP. */
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
        public Integer call() throws IOException {
            OptionCheck.range("--batch", Optional.of(batch), 1, 4096);
            service.check(batch, "--batch or --shape");
            OptionCheck.range("--connections", Optional.of(connections), 1, 256);
            ServiceLoad load = new ServiceLoad(service.shape, batch, connections, context.nanos());
            return measure(
                    "Sending images",
                    load,
                    (client, onProgress) -> load.ingest(client, service.seconds, service.distilling, onProgress));
        }
    }

    /** Measures how fast a service returns random batches from its memory. */
    @Command(
            name = "sample",
            sortOptions = false,
            header = "Measures how fast a service returns random batches of its memory.",
            description = "Sends one request after another, like a training program that replays the memory.",
            footer = {"", "Example:", "  reverie bench sample --distilling --images 64"})
    static final class Sample extends ServiceTask {

        private static final int MAX_FILLING = 256;

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
        public Integer call() throws IOException {
            int filling = service.imagesPerRequest(MAX_FILLING);
            service.check(filling, "--shape");
            OptionCheck.range("--images", Optional.of(images), 1, 4096);
            ServiceLoad load = new ServiceLoad(service.shape, filling, 1, context.nanos());
            return measure("Drawing batches", load, (client, onProgress) -> {
                load.fill(client);
                return load.sample(client, images, service.seconds, service.distilling, onProgress);
            });
        }
    }
}
