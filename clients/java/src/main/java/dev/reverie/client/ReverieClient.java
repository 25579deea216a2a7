package dev.reverie.client;

import static java.net.HttpURLConnection.HTTP_OK;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The calls of a service. Connections stay open until the client is closed. Thread safe. */
public final class ReverieClient implements AutoCloseable {

    private static final Duration READINESS_POLL = Duration.ofMillis(200);
    private static final Duration PHASE_POLL = Duration.ofMillis(500);

    private final ApiConnection connection;
    private final InstantSource clock;

    ReverieClient(ApiConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /**
     * Returns a builder for a client of the service at {@code address}. The service need not be running yet.
     *
     * @param address URL with the scheme http or https and a host; can include a path, for a service behind a proxy
     * @throws IllegalArgumentException if no service can have this address
     */
    public static ReverieClientBuilder builder(URI address) {
        return new ReverieClientBuilder(ServiceAddress.require(address));
    }

    /** Returns a builder for an address as people type it, such as {@code localhost:8080}. */
    public static ReverieClientBuilder builder(String address) {
        return new ReverieClientBuilder(ServiceAddress.parse(address));
    }

    public URI address() {
        return connection.address();
    }

    /**
     * Sends samples in one request. All are durable when this method returns. The class of each sample decides on it,
     * so the service may have stored some of them when this method throws. Samples can be sent again, because each
     * counts once.
     *
     * @throws ReverieException.Refused if the service refuses samples; if it has stored the others,
     *     {@link ReverieException.Refused#receipt} counts them
     * @throws ReverieException if the service cannot be reached or stores nothing now
     */
    public DeliveryReceipt deliver(Samples samples) throws ReverieException {
        return post("/v1/samples", "application/x-npz", samples.toNpz());
    }

    /**
     * Sends one picture.
     *
     * @param picture content of a PNG, JPEG, GIF, BMP, TIFF or WebP file
     * @throws ReverieException as for {@link #deliver(Samples)}
     */
    public DeliveryReceipt deliver(byte[] picture, String label) throws ReverieException {
        return post("/v1/samples?label=" + RequestFormat.encoded(label), "application/octet-stream", picture);
    }

    /** Sends one picture with an id; another picture with this label and id is refused. */
    public DeliveryReceipt deliver(byte[] picture, String label, String id) throws ReverieException {
        String query = "?label=" + RequestFormat.encoded(label) + "&id=" + RequestFormat.encoded(id);
        return post("/v1/samples" + query, "application/octet-stream", picture);
    }

    /**
     * Sends pictures in one request, without ids. The service accepts all or none, except images of sealed classes.
     *
     * @param pictures contents of picture files, together at most 6 MiB by default
     * @param labels one per picture
     * @throws ReverieException as for {@link #deliver(Samples)}
     */
    public DeliveryReceipt deliver(List<byte[]> pictures, List<String> labels) throws ReverieException {
        return post("/v1/samples", "application/x-ndjson", RequestFormat.jsonLines(pictures, labels));
    }

    private DeliveryReceipt post(String path, String type, byte[] body) throws ReverieException {
        return connection
                .send(connection.request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)))
                .read(ServiceResponse::receipt);
    }

    /** Returns all classes in the order of their arrival. */
    public List<ClassStatus> classes() throws ReverieException {
        return connection.send(connection.request("/v1/classes")).read(ServiceResponse::classes);
    }

    /** Returns a class; empty if no class has this label. */
    public Optional<ClassStatus> classStatus(String label) throws ReverieException {
        return connection
                .send(connection.request(RequestFormat.path(label)))
                .readIfPresent(ServiceResponse::classStatus);
    }

    /** Returns the totals of the service. */
    public ServiceStatus status() throws ReverieException {
        return connection.send(connection.request("/v1/status")).read(ServiceResponse::serviceStatus);
    }

    /** Returns the nodes of the service. */
    public ClusterStatus cluster() throws ReverieException {
        return connection.send(connection.request("/v1/cluster")).read(ServiceResponse::cluster);
    }

    /** Returns all images of the memory; empty before the first class has synthetic images. */
    public Optional<MemoryImages> memory() throws ReverieException {
        return fetch(Optional.empty()).map(LocalMemory.Copy::images);
    }

    /** Returns the memory as an NPZ file, with the stored images; empty before the first class has synthetic images. */
    public Optional<byte[]> memoryFile() throws ReverieException {
        return connection.send(connection.request("/v1/memory")).readIfPresent(ServiceResponse::body);
    }

    /** Returns the memory as a zip file of pictures, which any viewer shows; empty like {@link #memoryFile}. */
    public Optional<byte[]> memoryPictures() throws ReverieException {
        return connection.send(connection.request("/v1/memory?format=zip")).readIfPresent(ServiceResponse::body);
    }

    /**
     * Draws a random batch from the memory, balanced over the classes.
     *
     * @throws ReverieException.Refused if the memory is empty
     */
    public MemoryImages sample(int images) throws ReverieException {
        return sample(BatchRequest.of(images));
    }

    /**
     * Draws a batch from the memory.
     *
     * @throws ReverieException.Refused if the memory is empty, or has no images of a requested class
     */
    public MemoryImages sample(BatchRequest batch) throws ReverieException {
        return connection.send(connection.request(RequestFormat.path(batch))).read(ServiceResponse::images);
    }

    /**
     * Copies the memory into this process, where batches are drawn without requests.
     *
     * @param refresh time between two looks at the service, at least 1 ms
     */
    public LocalMemory local(Duration refresh) throws ReverieException {
        return new LocalMemory(this::fetch, refresh, clock);
    }

    private Optional<LocalMemory.Copy> fetch(Optional<LocalMemory.Copy> known) throws ReverieException {
        var request = connection.request("/v1/memory");
        known.map(LocalMemory.Copy::etag)
                .filter(etag -> !etag.isEmpty())
                .ifPresent(etag -> request.header("If-None-Match", etag));
        ServiceResponse response = connection.send(request);
        return response.isUnchanged() ? known : response.readIfPresent(ServiceResponse::memory);
    }

    /**
     * Gives a class a name for people to read. Its label stays the same everywhere else.
     *
     * @param name the name; empty to show the label again
     * @return the class; empty if no class has this label
     */
    public Optional<ClassStatus> rename(String label, Optional<String> name) throws ReverieException {
        var request = connection.request(RequestFormat.path(label)).header("Content-Type", "application/json");
        byte[] body = RequestFormat.json(name);
        return connection
                .send(request.method("PATCH", BodyPublishers.ofByteArray(body)))
                .readIfPresent(ServiceResponse::classStatus);
    }

    /**
     * Seals a class: the service accepts no more images for it and drops its real images.
     *
     * @return the sealed class; empty if no class has this label
     */
    public Optional<ClassStatus> seal(String label) throws ReverieException {
        return postSeal(label, "");
    }

    /** Seals a class as soon as it has converged, and returns at once; empty if no class has this label. */
    public Optional<ClassStatus> sealWhenConverged(String label) throws ReverieException {
        return postSeal(label, "?when=converged");
    }

    private Optional<ClassStatus> postSeal(String label, String query) throws ReverieException {
        return connection
                .send(connection
                        .request(RequestFormat.path(label) + "/seal" + query)
                        .POST(BodyPublishers.noBody()))
                .readIfPresent(ServiceResponse::classStatus);
    }

    /**
     * Cancels a seal that waits until the class has converged.
     *
     * @return whether the class exists
     */
    public boolean cancelSeal(String label) throws ReverieException {
        return delete(RequestFormat.path(label) + "/seal");
    }

    /**
     * Merges a class into another one, which gets its real images, and forgets the class.
     *
     * @return the numbers of images that are new to the other class, and that it had already
     * @throws ReverieException.Refused if one of the classes does not exist or is sealed
     */
    public DeliveryReceipt merge(String label, String into) throws ReverieException {
        return connection
                .send(connection
                        .request(RequestFormat.path(label) + "/merge?into=" + RequestFormat.encoded(into))
                        .POST(BodyPublishers.noBody()))
                .read(ServiceResponse::receipt);
    }

    /**
     * Forgets a class with all its data.
     *
     * @return whether the class existed
     */
    public boolean forget(String label) throws ReverieException {
        return delete(RequestFormat.path(label));
    }

    private boolean delete(String path) throws ReverieException {
        return connection
                .send(connection.request(path).DELETE())
                .readIfPresent(ServiceResponse::body)
                .isPresent();
    }

    /**
     * Waits until a class is in a phase, or in a later one. The class need not exist yet.
     *
     * @throws ReverieException.TimedOut if the class has not reached the phase when {@code timeout} has passed
     */
    public ClassStatus waitUntil(String label, ClassPhase phase, Duration timeout) throws ReverieException {
        Instant end = clock.instant().plus(timeout);
        while (true) {
            Optional<ClassStatus> found = classStatus(label);
            if (found.filter(status -> status.phase().compareTo(phase) >= 0).isPresent()) {
                return found.get();
            }
            if (!clock.instant().isBefore(end)) {
                String state = found.map(status -> "is " + status.phase()).orElse("does not exist");
                throw new ReverieException.TimedOut("the class '" + label + "' " + state + ", and not " + phase
                        + ", after " + timeout.toSeconds() + " s: wait longer");
            }
            connection.pause(shorter(PHASE_POLL, Duration.between(clock.instant(), end)));
        }
    }

    /**
     * Waits until the service accepts samples, even if it has not been started yet.
     *
     * @throws ReverieException.TimedOut if the service is not ready when {@code timeout} has passed
     */
    public void waitReady(Duration timeout) throws ReverieException {
        Instant end = clock.instant().plus(timeout);
        for (var obstacle = obstacle(); obstacle.isPresent(); obstacle = obstacle()) {
            if (!clock.instant().isBefore(end)) {
                throw new ReverieException.TimedOut("the service at " + address() + " is not ready after "
                        + timeout.toSeconds() + " s ("
                        + obstacle.get().getMessage() + "): check that it runs, or wait longer");
            }
            connection.pause(shorter(READINESS_POLL, Duration.between(clock.instant(), end)));
        }
    }

    /** The reason why the service is not ready; empty if it is ready. */
    private Optional<ReverieException> obstacle() throws ReverieException {
        try {
            ServiceResponse response = connection.sendOnce(connection.request("/readyz"));
            return response.isSuccess() ? Optional.empty() : Optional.of(response.failure());
        } catch (ReverieException.Unreachable unreachable) {
            return Optional.of(unreachable);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Returns whether the service is ready.
     *
     * @throws ReverieException.Unreachable if no service answers
     */
    public boolean isReady() throws ReverieException {
        return connection.sendOnce(connection.request("/readyz")).isSuccess();
    }

    /**
     * Checks that a service answers, even if it is not ready.
     *
     * @throws ReverieException.Unreachable if no service answers
     */
    public void requireReachable() throws ReverieException {
        connection.sendOnce(connection.request("/livez"));
    }

    /**
     * Takes a backup of the store. The service takes one backup at a time.
     *
     * @return the backup, which arrives as it is read and must be closed; it is incomplete if its end is missing
     */
    public InputStream backup() throws ReverieException {
        HttpResponse<ServiceDownload> response =
                connection.download(connection.request("/v1/backup").POST(BodyPublishers.noBody()));
        if (response.statusCode() == HTTP_OK) {
            return response.body();
        }
        try (InputStream problem = response.body()) {
            throw new ServiceResponse(response, problem.readAllBytes()).failure();
        } catch (ReverieException failure) {
            throw failure;
        } catch (IOException failure) {
            throw connection.unreachable(failure);
        }
    }

    /** Ends all calls and closes the connections. */
    @Override
    public void close() {
        connection.close();
    }
}
