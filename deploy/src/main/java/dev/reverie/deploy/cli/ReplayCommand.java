package dev.reverie.deploy.cli;

import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.replay.ClassOrder;
import dev.reverie.deploy.replay.Replay;
import dev.reverie.deploy.replay.ReplayPlan;
import dev.reverie.deploy.replay.ReplayReport;
import dev.reverie.deploy.replay.ReplaySource;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.SignalCancellation;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        sortOptions = false,
        header = "Streams the training images of a dataset to a running service.",
        description = {
            "Sends batches one after another and prints how many images the service accepted. An image that is"
                    + " sent twice is counted once: those of a published dataset have ids, such as"
                    + " fashion-mnist/train/Sandal/123 for the 124th sandal, and those of a folder are compared by"
                    + " their pixels.",
            "",
            "Without --resize, the pictures of folder:PATH are sent as they are, in lines of JSON. Unless all have the"
                    + " same shape, start the service with --resize, or give --resize here.",
            "",
            "If the service is busy (status 429 or 503), has a full store (507) or does not respond, replay"
                    + " retries for up to two minutes. Between two attempts, it waits for the time that the service asks for, or"
                    + " for 0.2 to 5 s if the service names no time. A refused batch"
                    + " and Ctrl-C end the replay, which then prints the totals. A picture that is sent as it is costs"
                    + " only itself: at the end, replay says how many were refused or could not be read, and why, names"
                    + " the first 20, and exits with 1; with --strict, the first one ends the replay."
        },
        footer = {
            "",
            "Examples:",
            "  reverie replay --dataset fashion-mnist --to http://localhost:8080",
            "  reverie replay --dataset fashion-mnist --to http://localhost:8080 --class-order sequential",
            "  reverie replay --dataset mnist --to http://localhost:8080 --rate 500 --limit 1000 --json",
            "  reverie replay --dataset folder:flowers --to https://memory.example.org --token-file token"
        })
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            description = "Address of the service; http:// may be omitted.")
    URI service = URI.create("");

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Maximum number of images per second (default: no maximum).")
    Optional<Double> rate = Optional.empty();

    @Option(
            names = "--class-order",
            paramLabel = "O",
            defaultValue = "shuffled",
            description = "Order of the images: shuffled mixes all classes, sequential sends one class after another,"
                    + " and a list of names or indices, separated by commas, sends only these classes, one after"
                    + " another; names that contain commas are in double quotes (default: ${DEFAULT-VALUE}).")
    String classOrder = "";

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "256",
            description =
                    "Maximum number of images per request. A request has at most 4 MiB, and with --rate at most the"
                            + " images of one second (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--limit", paramLabel = "N", description = "Maximum number of images per class (default: all).")
    Optional<Integer> limit = Optional.empty();

    @ArgGroup
    TokenOption token = new TokenOption();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the order of the images (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--json", description = "Print the totals as one JSON object on stdout.")
    boolean json;

    private final CliContext context;

    ReplayCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        OptionCheck.range("--batch", Optional.of(batch), 1, 4096);
        OptionCheck.range("--limit", limit, 1, OptionCheck.MANY);
        rate.filter(given -> !(given > 0 && given <= OptionCheck.MANY)).ifPresent(given -> {
            throw new InputException("--rate is the number of images per second, above 0 and at most "
                    + OptionCheck.MANY + ", not " + given);
        });
        try (ReverieClient client = token.clientOf(service)) {
            ReplaySource source = data.pictures(context)
                    .<ReplaySource>map(files -> new ReplaySource.Pictures(files, data.strict))
                    .orElseGet(() -> ReplaySource.Arrays.of(data.load(context)));
            ReplayPlan plan = new ReplayPlan(
                    source,
                    ClassOrder.parse(classOrder, source.classNames()).stream(
                            source, limit.orElse(Integer.MAX_VALUE), seed),
                    batch,
                    rate);
            return tell(replay(client, plan));
        }
    }

    private ReplayReport replay(ReverieClient client, ReplayPlan plan) {
        try (ProgressView view = context.progress(json).begin("Replaying");
                SignalCancellation cancellation =
                        new SignalCancellation("Stopping after the current request.", view::note)) {
            return new Replay(client, plan, cancellation, context.steadyClock(), view).run();
        }
    }

    /** Prints the totals, even of a failed replay, unless nothing was sent. */
    private int tell(ReplayReport report) throws IOException {
        if (report.ending() != ReplayReport.Ending.FAILED || report.totals().sent() > 0) {
            context.terminal().out().println(json ? JsonOutput.line(report) : report.sentence());
        }
        report.refusals().forEach(context.terminal().err()::println);
        report.requireNoFailure();
        if (report.ending() == ReplayReport.Ending.INTERRUPTED) {
            return ExitCode.INTERRUPTED;
        }
        return report.totals().refused() > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }
}
