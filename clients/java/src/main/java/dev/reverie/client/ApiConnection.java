package dev.reverie.client;

import static java.net.HttpURLConnection.HTTP_OK;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Sends requests to a service over connections that stay open. Thread safe. */
final class ApiConnection implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final URI address;
    private final Optional<String> token;
    private final Duration timeout;
    private final Retries retries;
    private final HttpClient http;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hasAnswered;

    ApiConnection(URI address, Optional<String> token, Duration timeout, Duration patience, InstantSource clock) {
        this.address = address;
        this.token = token;
        this.timeout = timeout;
        this.retries = new Retries(patience, clock, this::pauseOrFail);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT.compareTo(timeout) < 0 ? CONNECT : timeout)
                .build();
    }

    URI address() {
        return address;
    }

    HttpRequest.Builder request(String path) {
        String base = address.toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    /** Sends a request; repeats it if the service is busy, or no longer answers. */
    ServiceResponse send(HttpRequest.Builder request) throws ReverieException {
        return retries.of(() -> {
            ServiceResponse response = sendOnce(request);
            if (!response.isSuccess() && response.failure() instanceof ReverieException.Busy busy) {
                throw busy;
            }
            return response;
        });
    }

    /**
     * Sends a request once.
     *
     * @throws ReverieException.Unreachable if the service does not answer, even if a proxy does
     */
    ServiceResponse sendOnce(HttpRequest.Builder request) throws ReverieException {
        ServiceResponse response = new ServiceResponse(open(request, BodyHandlers.ofByteArray()));
        if (response.isOfProxy()) {
            throw response.failure();
        }
        hasAnswered = true;
        return response;
    }

    /** Sends a request once, and returns a response whose body arrives as it is read. */
    HttpResponse<ServiceDownload> download(HttpRequest.Builder request) throws ReverieException {
        return open(
                request,
                info -> HttpResponse.BodySubscribers.mapping(
                        BodyHandlers.ofInputStream().apply(info), body -> new ServiceDownload(body, timeout)));
    }

    private <T> HttpResponse<T> open(HttpRequest.Builder request, BodyHandler<T> body) throws ReverieException {
        CompletableFuture<HttpResponse<T>> response = http.sendAsync(request.build(), body);
        try {
            HttpResponse<T> answer = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() == HTTP_OK) {
                hasAnswered = true;
            }
            return answer;
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause()));
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new ReverieException.Unreachable(
                    "the service at " + address + " has not answered within " + timeout.toSeconds()
                            + " s: check that it runs, and try again",
                    new IOException(e));
        } catch (InterruptedException e) {
            response.cancel(true);
            throw interrupted();
        }
    }

    /** An address that has never answered is probably wrong, so that nothing is repeated there. */
    private void pauseOrFail(Duration length, ReverieException failure) throws ReverieException {
        if (failure instanceof ReverieException.Unreachable && !hasAnswered) {
            throw failure;
        }
        pause(length);
    }

    /**
     * Waits.
     *
     * @throws ReverieException.Unreachable if the thread is interrupted, or the connection is closed
     */
    void pause(Duration length) throws ReverieException {
        try {
            if (closed.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ReverieException.Unreachable(
                        "the client of " + address + " is closed: create another one", new IOException("closed"));
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private ReverieException interrupted() {
        Thread.currentThread().interrupt();
        return new ReverieException.Unreachable(
                "the wait for the service at " + address + " was interrupted: try again",
                new InterruptedIOException("interrupted"));
    }

    ReverieException unreachable(IOException cause) {
        return new ReverieException.Unreachable(
                switch (cause) {
                    case SSLException refused ->
                        "no encrypted connection to " + address + " (" + refused.getMessage()
                                + "): correct the address, or let Java trust the certificate with"
                                + " -Djavax.net.ssl.trustStore";
                    case ConnectException _, HttpTimeoutException _ ->
                        "no service answers at " + address + ": start one with 'reverie serve', or correct the address";
                    default ->
                        "the connection to " + address + " failed (" + cause.getMessage()
                                + "): check that a service runs there, and that the address is right";
                },
                cause);
    }

    @Override
    public void close() {
        closed.countDown();
        http.shutdownNow();
    }
}
