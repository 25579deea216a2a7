package dev.reverie.deploy.cli;

import dev.reverie.deploy.client.ServiceClient;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.ReplayProgress;
import dev.reverie.deploy.replay.ClassOrder;
import dev.reverie.deploy.replay.Replay;
import dev.reverie.deploy.replay.ReplayPlan;
import dev.reverie.deploy.replay.ReplayReport;
import dev.reverie.deploy.replay.SampleNames;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.JsonOutput;
import dev.reverie.deploy.run.SignalCancellation;
import dev.reverie.gpu.dataset.Dataset;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Streams a dataset to a running service. */
@Command(
        name = "replay",
        sortOptions = false,
        header = "Streams a dataset's training images to a running service.",
        description = {
            "Sends NPZ batches, one after the other, and ends with what the service made of them. Every image has an id"
                    + " of its own, such as fashion-mnist/train/123, so whatever is sent again counts once.",
            "",
            "A service that is busy (429, 503) or away is tried again for two minutes, as it asks, else after pauses"
                    + " that grow from 0.2 to 5 s. What it refuses ends the replay. Ctrl-C ends it with the totals."
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

    private static final int MOST = 1_000_000;

    @Mixin
    final DataOptions data = new DataOptions();

    @Option(names = "--to", paramLabel = "URL", required = true, description = "Where the service listens.")
    URI service = URI.create("");

    @Option(names = "--rate", paramLabel = "R", description = "Images a second, at most (default: as fast as it goes).")
    Optional<Double> rate = Optional.empty();

    @Option(
            names = "--class-order",
            paramLabel = "O",
            defaultValue = "shuffled",
            description = "shuffled: all classes mixed; sequential: one class after another; or the classes to send in"
                    + " turn, as names or indices, with commas between (default: ${DEFAULT-VALUE}).")
    String classOrder = "";

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "256",
            description = "Images of a request, at most; fewer where they would be more than 4 MiB, or than go out in a"
                    + " second at --rate (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--limit", paramLabel = "N", description = "Images of each class, at most (default: all).")
    Optional<Integer> limit = Optional.empty();

    @ArgGroup
    Token token = new Token();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of the order of the images (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--json", description = "Print the totals as one JSON object on stdout.")
    boolean json;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private final CliContext context;

    ReplayCommand(CliContext context) {
        this.context = context;
    }

    /** By which the service knows who sends. */
    static final class Token {

        @Option(names = "--token", paramLabel = "T", description = "For services that want one.")
        Optional<String> text = Optional.empty();

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "File with the token, so that it is not seen.")
        Optional<Path> file = Optional.empty();

        Optional<String> read() {
            try {
                return file.isPresent()
                        ? Optional.of(Files.readString(file.get()).strip())
                        : text;
            } catch (IOException e) {
                throw new InputException("the token file " + file.get() + " can't be read: name another --token-file");
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        RangeCheck.check("--batch", Optional.of(batch), 1, 4096);
        RangeCheck.check("--limit", limit, 1, MOST);
        rate.filter(given -> !(given > 0 && given <= MOST)).ifPresent(given -> {
            throw new InputException("--rate is a number above 0, up to " + MOST + ", not " + given);
        });
        try (ServiceClient client = client()) {
            Dataset dataset = data.load();
            ReplayPlan plan = new ReplayPlan(
                    dataset,
                    SampleNames.of(dataset),
                    ClassOrder.parse(classOrder, dataset).stream(dataset, limit.orElse(Integer.MAX_VALUE), seed),
                    batch,
                    rate);
            return tell(replay(client, plan));
        }
    }

    private ServiceClient client() {
        try {
            return new ServiceClient(service, token.read());
        } catch (IllegalArgumentException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }

    private ReplayReport replay(ServiceClient client, ReplayPlan plan) {
        try (ProgressView view = context.progress(json).begin("Replaying");
                SignalCancellation patience = SignalCancellation.listen("Stopping after this request.", view::note)) {
            ReplayProgress shown = new ReplayProgress(view, plan.deliveries().size());
            return new Replay(client, plan, patience, context.clock(), shown).run();
        }
    }

    /** The totals come first, also those of a replay that failed, unless nothing was sent at all. */
    private int tell(ReplayReport report) throws IOException {
        if (report.failure().isEmpty() || report.totals().sent() > 0) {
            context.terminal().out().println(json ? JsonOutput.line(report) : report.sentence());
        }
        if (report.failure().isPresent()) {
            throw report.failure().get();
        }
        return report.ending() == ReplayReport.Ending.INTERRUPTED ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }
}
