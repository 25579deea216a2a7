package dev.reverie.deploy.client;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.ServiceStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Sends requests to a running service. Sends each request once and waits at most a minute for the whole response, or
 * for each further byte of a backup; {@link Retries} repeats requests. Thread safe.
 */
public final class ServiceClient implements AutoCloseable {

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;

    private final URI address;
    private final Optional<String> token;
    private final Duration patience;
    private final HttpClient http;

    /**
     * Creates a client of the service at {@code address}. The service need not be running yet.
     *
     * @param address URL with the scheme http or https and a host; can include a path, for a service behind a proxy
     * @param token token that authorises the client; empty if the service requires none
     * @throws IllegalArgumentException if no service can have this address, or if the token is malformed
     */
    public ServiceClient(URI address, Optional<String> token) {
        this(address, token, ANSWER);
    }

    /** Creates a client that waits only for this time where others wait for a minute. */
    ServiceClient(URI address, Optional<String> token, Duration patience) {
        if (token.filter(bearer -> !TOKEN.matcher(bearer).matches()).isPresent()) {
            throw new IllegalArgumentException(
                    "a token is one line of letters, digits and punctuation, without spaces: correct --token or"
                            + " --token-file");
        }
        this.address = ServiceAddress.require(address);
        this.token = token;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Returns the address of the service. */
    public URI address() {
        return address;
    }

    /**
     * Sends a delivery. The service accepts all samples or none; they are durable when this method returns.
     *
     * @throws ServiceException if the service does not accept the samples or cannot be reached; samples with ids can be
     *     sent again, because each counts once
     */
    public DeliveryReceipt deliver(NpzSamples samples) throws ServiceException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            samples.writeTo(body);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        HttpRequest.Builder request = request("/v1/samples")
                .header("Content-Type", "application/x-npz")
                .POST(BodyPublishers.ofByteArray(body.toByteArray()));
        return read(succeeded(send(request)), ServiceResponse::receipt);
    }

    /** Returns all classes in the order of their arrival. */
    public List<ClassStatus> classes() throws ServiceException {
        return read(succeeded(send(request("/v1/classes"))), ServiceResponse::classes);
    }

    /** Returns the status of the service. */
    public ServiceStatus status() throws ServiceException {
        return read(succeeded(send(request("/v1/status"))), ServiceResponse::serviceStatus);
    }

    /** Returns the memory; empty before the first class has synthetic images. */
    public Optional<DistilledSet> memory() throws ServiceException {
        ServiceResponse answer = send(request("/v1/memory"));
        return answer.isAbsence() ? Optional.empty() : Optional.of(read(succeeded(answer), ServiceResponse::memory));
    }

    /**
     * Draws a random batch from the memory, balanced over the classes.
     *
     * @return the batch as an NPZ file
     */
    public byte[] sample(int images) throws ServiceException {
        return succeeded(send(request("/v1/memory/sample?n=" + images))).body();
    }

    /**
     * Seals a class: the service accepts no more images for it and drops its real images.
     *
     * @return the sealed class; empty if no class has this name
     */
    public Optional<ClassStatus> seal(String label) throws ServiceException {
        ServiceResponse answer =
                send(request("/v1/classes/" + encoded(label) + "/seal").POST(BodyPublishers.noBody()));
        return answer.isAbsence()
                ? Optional.empty()
                : Optional.of(read(succeeded(answer), ServiceResponse::classStatus));
    }

    /**
     * Forgets a class with all its data.
     *
     * @return whether the class existed
     */
    public boolean forget(String label) throws ServiceException {
        ServiceResponse answer = send(request("/v1/classes/" + encoded(label)).DELETE());
        return !answer.isAbsence() && succeeded(answer).isSuccess();
    }

    /**
     * Takes a backup of the store. The service takes one backup at a time.
     *
     * @return the backup, which arrives as it is read and must be closed; it is incomplete if its end is missing
     */
    public InputStream backup() throws ServiceException {
        HttpResponse<InputStream> response =
                send(request("/v1/backup").POST(BodyPublishers.noBody()), BodyHandlers.ofInputStream());
        InputStream body = new ServiceDownload(response.body(), patience);
        if (response.statusCode() == OK) {
            return body;
        }
        try (InputStream problem = body) {
            throw new ServiceResponse(response, problem.readAllBytes()).failure();
        } catch (ServiceException failure) {
            throw failure;
        } catch (IOException failure) {
            throw unreachable(failure);
        }
    }

    /**
     * Returns whether the service is ready.
     *
     * @throws ServiceException.Unreachable if no service answers
     */
    public boolean isReady() throws ServiceException {
        return send(request("/readyz")).isSuccess();
    }

    /**
     * Checks that a service answers, even if it is not ready.
     *
     * @throws ServiceException.Unreachable if no service answers
     */
    public void requireReachable() throws ServiceException {
        send(request("/livez"));
    }

    private HttpRequest.Builder request(String path) {
        String base = address.toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    private static String encoded(String label) {
        return URLEncoder.encode(label, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ServiceResponse send(HttpRequest.Builder request) throws ServiceException {
        return new ServiceResponse(send(request, BodyHandlers.ofByteArray()));
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) throws ServiceException {
        CompletableFuture<HttpResponse<T>> response = http.sendAsync(request.build(), body);
        try {
            return response.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause()));
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new ServiceException.Unreachable(
                    "the service at " + address + " has not answered within " + patience.toSeconds()
                            + " s: check that it runs, and try again",
                    new IOException(e));
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable(new InterruptedIOException("interrupted"));
        }
    }

    private ServiceException unreachable(IOException cause) {
        return new ServiceException.Unreachable(
                "no service answers at " + address + ": start one with 'reverie serve', or correct the address", cause);
    }

    private static ServiceResponse succeeded(ServiceResponse answer) throws ServiceException {
        if (!answer.isSuccess()) {
            throw answer.failure();
        }
        return answer;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ServiceResponse answer) throws IOException;
    }

    private static <T> T read(ServiceResponse answer, Reading<T> reading) throws ServiceException {
        try {
            return reading.of(answer);
        } catch (IOException | IllegalArgumentException | DatasetException e) {
            throw answer.unreadable(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
