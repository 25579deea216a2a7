package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.lab.service.ServiceUnderTest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of a service. */
final class ServiceCommands {

    private ServiceCommands() {}

    /** Times durable ingest over HTTP. */
    @Command(
            name = "ingest",
            sortOptions = false,
            header = "Measures how fast a service accepts images.",
            description =
                    "Sends random images of ten classes as NPZ batches over HTTP. The service responds once a batch"
                            + " is durable.",
            footer = {"", "Example:", "  reverie bench ingest --distilling --json"})
    static final class Ingest implements Callable<Integer> {

        @Mixin
        final ServiceBenchOptions service = new ServiceBenchOptions();

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

        private final CliContext context;
        private final ServiceUnderTest.Factory services;

        Ingest(CliContext context, ServiceUnderTest.Factory services) {
            this.context = context;
            this.services = services;
        }

        @Override
        public Integer call() throws IOException {
            OptionCheck.range("--batch", Optional.of(batch), 1, 4096);
            service.check(batch, "--batch or --shape");
            OptionCheck.range("--connections", Optional.of(connections), 1, 256);
            ServiceLoad load = new ServiceLoad(service.shape, batch, connections, context.nanos());
            try (ProgressView view = context.progress(service.json).begin("Sending images")) {
                ServiceLoad.IngestReport report = service.measure(
                        load,
                        context,
                        services,
                        client -> load.ingest(
                                client, service.seconds, service.distilling, done -> view.show(done, "ingest")));
                context.terminal().out().println(service.json ? JsonOutput.line(report) : report.table());
            }
            return ExitCode.DONE;
        }
    }

    /** Measures how fast a service returns random batches from its memory. */
    @Command(
            name = "sample",
            sortOptions = false,
            header = "Measures how fast a service returns random batches of its memory.",
            description = "Sends one request after another, like a training program that replays the memory.",
            footer = {"", "Example:", "  reverie bench sample --distilling --images 64"})
    static final class Sample implements Callable<Integer> {

        private static final int MAX_FILLING = 256;

        @Mixin
        final ServiceBenchOptions service = new ServiceBenchOptions();

        @Option(
                names = "--images",
                paramLabel = "N",
                defaultValue = "64",
                description = "Images per batch (default: ${DEFAULT-VALUE}).")
        int images;

        private final CliContext context;
        private final ServiceUnderTest.Factory services;

        Sample(CliContext context, ServiceUnderTest.Factory services) {
            this.context = context;
            this.services = services;
        }

        @Override
        public Integer call() throws IOException {
            int filling = service.imagesPerRequest(MAX_FILLING);
            service.check(filling, "--shape");
            OptionCheck.range("--images", Optional.of(images), 1, 4096);
            ServiceLoad load = new ServiceLoad(service.shape, filling, 1, context.nanos());
            try (ProgressView view = context.progress(service.json).begin("Drawing batches")) {
                ServiceLoad.SampleReport report = service.measure(load, context, services, client -> {
                    load.fill(client);
                    return load.sample(
                            client, images, service.seconds, service.distilling, done -> view.show(done, ""));
                });
                context.terminal().out().println(service.json ? JsonOutput.line(report) : report.table());
            }
            return ExitCode.DONE;
        }
    }
}
