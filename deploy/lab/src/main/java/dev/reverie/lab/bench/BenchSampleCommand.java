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

/** Measures how fast a service returns random batches from its memory. */
@Command(
        name = "sample",
        sortOptions = false,
        header = "Measures how fast a service returns random batches of its memory.",
        description = "Sends one request after another, like a training program that replays the memory.",
        footer = {"", "Example:", "  reverie bench sample --distilling --images 64"})
final class BenchSampleCommand implements Callable<Integer> {

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

    BenchSampleCommand(CliContext context, ServiceUnderTest.Factory services) {
        this.context = context;
        this.services = services;
    }

    @Override
    public Integer call() throws IOException {
        int filling = service.imagesPerRequest(MAX_FILLING);
        service.check(filling, "--shape");
        RangeCheck.check("--images", Optional.of(images), 1, 4096);
        ServiceLoad load = new ServiceLoad(service.shape, filling, 1, BenchOptions.NANOS);
        try (ProgressView view = context.progress(service.json).begin("Drawing batches")) {
            SampleReport report = service.measure(load, context, services, client -> {
                load.fill(client);
                return load.sample(client, images, service.seconds, service.distilling, done -> view.show(done, ""));
            });
            context.terminal().out().println(service.json ? JsonOutput.line(report) : report.table());
        }
        return ExitCode.DONE;
    }
}
