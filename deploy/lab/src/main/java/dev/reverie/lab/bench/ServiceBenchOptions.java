package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.TokenOption;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.ImageShape;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

final class ServiceBenchOptions {

    /** The latencies of all requests stay in memory until the end. */
    private static final int MOST_SECONDS = 3600;

    @Option(
            names = "--to",
            paramLabel = "URL",
            description = "Address of a running service to measure. The benchmark sends random images to it (default:"
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

    void check() {
        OptionCheck.range("--seconds", Optional.of(seconds), 1, MOST_SECONDS);
        if (to.isEmpty() && token.isGiven()) {
            throw new InputException("a token has no effect on the service that the benchmark starts: name the service"
                    + " that requires it with --to, or omit the token");
        }
    }
}
