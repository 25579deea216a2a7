package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.RangeCheck;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.lab.service.ServiceUnderTest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times durable ingest over HTTP. */
@Command(
        name = "ingest",
        sortOptions = false,
        header = "Measures how fast a service accepts images.",
        description = "Sends random images of ten classes as NPZ batches over HTTP. The service responds once a batch"
                + " is durable.",
        footer = {"", "Example:", "  reverie bench ingest --distilling --json"})
final class BenchIngestCommand implements Callable<Integer> {

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

    BenchIngestCommand(CliContext context, ServiceUnderTest.Factory services) {
        this.context = context;
        this.services = services;
    }

    @Override
    public Integer call() throws IOException {
        RangeCheck.check("--batch", Optional.of(batch), 1, 4096);
        service.check(batch, "--batch or --shape");
        RangeCheck.check("--connections", Optional.of(connections), 1, 256);
        ServiceLoad load = new ServiceLoad(service.shape, batch, connections, BenchOptions.NANOS);
        try (ProgressView view = context.progress(service.json).begin("Sending images")) {
            IngestReport report = service.measure(
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
