package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.cli.TokenOption;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.IngestLimits;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

final class ServiceBenchOptions {

    /** Highest limit on the size of a delivery that a service can have. */
    private static final long MOST_BYTES = 1L << 30;

    private static final IngestLimits LIMITS = IngestLimits.defaults();

    /** Bytes of a label of {@link ServiceLoad} in a request: four per character. */
    private static final int LABEL_BYTES = 28;

    /** Bytes of a request without images and labels, at most. */
    private static final int HEADER_BYTES = 1024;

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

    /** Checks the options; {@code remedy} names those that make a request smaller. */
    void check(int batch, String remedy) {
        OptionCheck.range("--seconds", Optional.of(seconds), 1, MOST_SECONDS);
        if (to.isEmpty() && token.isGiven()) {
            throw new InputException("a token has no effect on the service that the benchmark starts: name the service"
                    + " that requires it with --to, or omit the token");
        }
        if (to.isEmpty() && shape.planeSize() > LIMITS.pixels()) {
            throw new InputException("images of " + shape + " have more than the " + LIMITS.pixels()
                    + " pixels that the service accepts: lower --shape");
        }
        if (HEADER_BYTES + batch * imageBytes() > (to.isPresent() ? MOST_BYTES : LIMITS.bodyBytes())) {
            throw new InputException("a request with " + Plural.of(batch, "image") + " of " + shape
                    + " is larger than the service accepts: lower " + remedy);
        }
    }

    private long imageBytes() {
        return (long) shape.size() + LABEL_BYTES;
    }

    /** The number of images, at least 1 and at most {@code most}, in a request that a service accepts by default. */
    int imagesPerRequest(int most) {
        return Math.clamp((LIMITS.bodyBytes() - HEADER_BYTES) / imageBytes(), 1, most);
    }
}
