package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import dev.reverie.streams.decode.IngestLimits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads the bodies of requests, or what is left of them, for a limited time and up to a limited size. */
final class RequestBodies {

    /** A body up to so many times too large is waited for, so that its sender gets to read the refusal. */
    private static final int COURTESY = 4;

    private final ActorSystem<?> system;
    private final IngestLimits limits;
    private final Duration time;

    RequestBodies(ActorSystem<?> system, IngestLimits limits, Duration time) {
        this.system = system;
        this.limits = limits;
        this.time = time;
    }

    /** Size of the body as announced, or the largest there may be where nothing is announced. */
    long size(HttpRequest request) {
        long size = request.entity().getContentLengthOption().orElse(limits.bodyBytes());
        if (size > limits.bodyBytes()) {
            throw tooLarge();
        }
        return size;
    }

    /**
     * The whole body; fails with a {@link ProblemException} if it is too large or takes too long.
     *
     * @param arriving is told the size of each piece; whatever it throws, fails the reading
     */
    CompletionStage<byte[]> read(HttpRequest request, IntConsumer arriving) {
        return request.entity()
                .withSizeLimit(limits.bodyBytes())
                .getDataBytes()
                .completionTimeout(time)
                .runFold(
                        new ByteArrayOutputStream(),
                        (body, piece) -> {
                            arriving.accept(piece.size());
                            body.writeBytes(
                                    piece.toArrayUnsafe()); // kept as they are, tiny pieces would weigh far more
                            return body;
                        },
                        system)
                .thenApply(ByteArrayOutputStream::toByteArray)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(inWords(Asks.causeOf(failure))));
    }

    private Throwable inWords(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ ->
                new ProblemException(
                        ProblemType.TIMEOUT,
                        "the body did not arrive within " + time.toSeconds() + " s: send it faster, or less at once");
            case EntityStreamSizeException _ -> tooLarge();
            case StreamTcpException _ ->
                new ProblemException(
                        ProblemType.REQUEST_INVALID,
                        "the connection broke off in the middle of the body: send the same again");
            default -> failure;
        };
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemType.TOO_LARGE,
                "the body has more than the " + limits.bodyBytes() + " bytes taken at once: send it in parts");
    }

    /**
     * The answer, when the body has gone by. A client that is still sending would miss it: the connection would be
     * closed under it. From one that announces far too much it is not awaited.
     */
    CompletionStage<HttpResponse> readOut(HttpRequest request, HttpResponse answer) {
        boolean arrived = request.entity().isStrict();
        // who asks before sending has sent nothing, and is to be told so instead of being invited
        boolean waits =
                answer.status().isFailure() && request.getHeader("Expect").isPresent();
        long patience = (long) COURTESY * limits.bodyBytes();
        if (arrived || waits || request.entity().getContentLengthOption().orElse(0) > patience) {
            return CompletableFuture.completedStage(answer);
        }
        return request.entity()
                .withSizeLimit(patience)
                .getDataBytes()
                .completionTimeout(time)
                .runWith(Sink.ignore(), system)
                .handle((_, _) -> answer); // fails also where the body was read before, as it should be
    }
}
