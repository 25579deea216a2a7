package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import dev.reverie.streams.decode.IngestLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads or discards the bodies of requests, and enforces limits on their size and transfer time. */
record RequestBodies(ActorSystem<?> system, IngestLimits limits, Duration timeout) {

    /**
     * Multiple of the size limit up to which the body of a refused request is still read to its end, so that the client
     * receives the response.
     */
    private static final int DRAIN_FACTOR = 4;

    /**
     * Returns the announced size of the body in bytes, or the size limit if none is announced.
     *
     * @throws ProblemException if the announced size exceeds the limit
     */
    long size(HttpRequest request) {
        long size = request.entity().getContentLengthOption().orElse(limits.bodyBytes());
        if (size > limits.bodyBytes()) {
            throw tooLarge();
        }
        return size;
    }

    /**
     * Reads the whole body; fails with a {@link ProblemException} if the body is too large or takes too long to arrive.
     *
     * @param onChunk called with the size of each chunk; if it throws an exception, reading fails with this exception
     */
    CompletionStage<byte[]> read(HttpRequest request, IntConsumer onChunk) {
        return request.entity()
                .withSizeLimit(limits.bodyBytes())
                .getDataBytes()
                .completionTimeout(timeout)
                .runFold(
                        new BodyBuffer((int) size(request)),
                        (body, chunk) -> {
                            onChunk.accept(chunk.size());
                            body.add(chunk.toArrayUnsafe()); // a list of tiny chunks would use far more memory
                            return body;
                        },
                        system)
                .thenApply(BodyBuffer::toBytes)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(toProblem(Asks.causeOf(failure))));
    }

    private Throwable toProblem(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ ->
                new ProblemException(
                        ProblemType.TIMEOUT,
                        "the body did not arrive within " + timeout.toSeconds()
                                + " s: send fewer images per request, or use a faster connection");
            case EntityStreamSizeException _ -> tooLarge();
            // Pekko has no own type for a chunk above max-chunk-size, which is set to the size limit
            case EntityStreamException e when e.info().summary().startsWith("HTTP chunk of ") -> tooLarge();
            case StreamTcpException _ ->
                new ProblemException(
                        ProblemType.REQUEST_INVALID,
                        "the connection ended before the whole body arrived: send the request again");
            default -> failure;
        };
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemType.TOO_LARGE,
                "the body is larger than " + limits.bodyBytes() + " bytes: send fewer or smaller images per request");
    }

    /**
     * Completes with the response when the rest of the body has been read and discarded. Otherwise the connection would
     * close, and a client that is still sending would miss the response. Does not wait for a body whose announced size
     * is far too large, nor if the response closes the connection.
     */
    CompletionStage<HttpResponse> drain(HttpRequest request, HttpResponse response) {
        boolean hasArrived = request.entity().isStrict();
        // a client that expects 100-continue has sent no body yet, and must not be asked to send it
        boolean isWaiting = response.status().isFailure()
                && request.getHeader("Expect")
                        .filter(header -> header.value().equalsIgnoreCase("100-continue"))
                        .isPresent();
        long limit = (long) DRAIN_FACTOR * limits.bodyBytes();
        boolean isLast = Responses.closesConnection(response);
        if (hasArrived
                || isWaiting
                || isLast
                || request.entity().getContentLengthOption().orElse(0) > limit) {
            return CompletableFuture.completedStage(response);
        }
        return request.entity()
                .withSizeLimit(limit)
                .getDataBytes()
                .completionTimeout(timeout)
                .runWith(Sink.ignore(), system)
                .handle((_, _) -> response); // fails without consequences if the body has already been read
    }

    /**
     * Collects the bytes of a body in one array, which is at most twice as large as the bytes that have arrived: a
     * client can announce a large body and send little of it. Not thread safe.
     */
    static final class BodyBuffer {

        /** The announced number of bytes, or the maximum if none was announced. */
        private final int expected;

        private byte[] bytes = new byte[0];
        private int count;

        BodyBuffer(int expected) {
            this.expected = expected;
        }

        void add(byte[] chunk) {
            int needed = count + chunk.length;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(expected, 2L * needed)));
            }
            System.arraycopy(chunk, 0, bytes, count, chunk.length);
            count = needed;
        }

        /** Returns the size of the array that holds the bytes. */
        int capacity() {
            return bytes.length;
        }

        /** Returns the bytes, without copying them if as many as expected have arrived. */
        byte[] toBytes() {
            return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        }
    }
}
