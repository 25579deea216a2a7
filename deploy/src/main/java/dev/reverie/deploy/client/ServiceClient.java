package dev.reverie.deploy.client;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.ServiceStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Calls a running service. Every call is sent once and answered within a minute: who wants to, repeats it. Thread safe.
 */
public final class ServiceClient implements AutoCloseable {

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final URI address;
    private final Optional<String> token;
    private final HttpClient http;

    /**
     * A client of the service at {@code address}, which need not be there yet.
     *
     * @param address http or https, with a host; a path is kept, as of a proxy
     * @param token by which the service knows the caller, if it wants one
     * @throws IllegalArgumentException if no service can have this address, or no service accepts such a token
     */
    public ServiceClient(URI address, Optional<String> token) {
        if (token.filter(bearer -> !TOKEN.matcher(bearer).matches()).isPresent()) {
            throw new IllegalArgumentException("a token is one line of letters, digits and punctuation, without spaces");
        }
        this.address = ServiceAddress.require(address);
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Where the service is. */
    public URI address() {
        return address;
    }

    /**
     * Brings samples, all or none; they are durable when this returns.
     *
     * @throws ServiceException if the service does not take them, or cannot be reached; samples with ids may then be
     *     brought again, and count once
     */
    public DeliveryReceipt bring(NpzSamples samples) throws ServiceException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            samples.writeTo(body);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written to", e);
        }
        HttpRequest.Builder request = request("/v1/samples")
                .header("Content-Type", "application/x-npz")
                .POST(BodyPublishers.ofByteArray(body.toByteArray()));
        return read(succeeded(send(request)), ServiceResponse::receipt);
    }

    /** Every class there is, in the order of first arrival. */
    public List<ClassStatus> classes() throws ServiceException {
        return read(succeeded(send(request("/v1/classes"))), ServiceResponse::classes);
    }

    /** Totals of the service. */
    public ServiceStatus status() throws ServiceException {
        return read(succeeded(send(request("/v1/status"))), ServiceResponse::serviceStatus);
    }

    /** The memory now; empty before the first class has images to hand out. */
    public Optional<DistilledSet> memory() throws ServiceException {
        ServiceResponse answer = send(request("/v1/memory"));
        return answer.isAbsence() ? Optional.empty() : Optional.of(read(succeeded(answer), ServiceResponse::memory));
    }

    /**
     * A random batch of the memory, as many images of each class as of any other.
     *
     * @return in NPZ
     */
    public byte[] sample(int images) throws ServiceException {
        return succeeded(send(request("/v1/memory/sample?n=" + images))).body();
    }

    /**
     * The class takes no more images, its real ones are dropped.
     *
     * @return the class as it is afterwards; empty if there is none of this name
     */
    public Optional<ClassStatus> seal(String label) throws ServiceException {
        ServiceResponse answer =
                send(request("/v1/classes/" + encoded(label) + "/seal").POST(BodyPublishers.noBody()));
        return answer.isAbsence()
                ? Optional.empty()
                : Optional.of(read(succeeded(answer), ServiceResponse::classStatus));
    }

    /**
     * Drops everything about a class.
     *
     * @return whether there was such a class
     */
    public boolean forget(String label) throws ServiceException {
        ServiceResponse answer = send(request("/v1/classes/" + encoded(label)).DELETE());
        return !answer.isAbsence() && succeeded(answer).isSuccess();
    }

    /**
     * Whether the service takes samples in and hands its memory out.
     *
     * @throws ServiceException.Unreachable if there is none
     */
    public boolean isReady() throws ServiceException {
        return send(request("/readyz")).isSuccess();
    }

    /**
     * Makes sure that there is a service, ready or not.
     *
     * @throws ServiceException.Unreachable if there is none
     */
    public void requireReachable() throws ServiceException {
        send(request("/livez"));
    }

    private HttpRequest.Builder request(String path) {
        String base = address.toString().replaceAll("/+$", "");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    private static String encoded(String label) {
        return URLEncoder.encode(label, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ServiceResponse send(HttpRequest.Builder request) throws ServiceException {
        try {
            return new ServiceResponse(http.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(new InterruptedIOException("interrupted"));
        }
    }

    private ServiceException unreachable(IOException cause) {
        return new ServiceException.Unreachable(
                "no service answers at " + address + ": start one with 'reverie serve', or name where it is", cause);
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
