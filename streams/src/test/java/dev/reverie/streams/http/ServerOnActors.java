package dev.reverie.streams.http;

import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.service.IngestListener;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The HTTP API on a free port with a real service and its own store, and a client for it. */
final class ServerOnActors implements AutoCloseable {

    private static final int IPC = 2;
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final ServicePolicy POLICY = new ServicePolicy(
            40,
            5,
            0.01,
            1.5,
            5,
            new RefreshInterval(Optional.of(30), Duration.ofSeconds(30), 0.1, Optional.empty()),
            Duration.ofMillis(200));

    private final ActorMemoryService service;
    private final ApiServer api;
    private final Caller caller;

    /** Starts a service with this maximum number of classes. */
    ServerOnActors(Path store, int classes) {
        service = ActorMemoryService.start(new ServiceRequest(
                Store.inFolder(store),
                shape -> Presets.quick("live", shape, Method.DREAM, IPC, Presets.defaultFactor(Method.DREAM), 0),
                POLICY,
                MemoryBudget.perClass(IPC),
                limits(classes),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                MatchingEngine::open,
                InstantSource.system(),
                System::nanoTime,
                List.of(),
                IngestListener.NONE,
                Optional.empty()));
        service.storeRead().toCompletableFuture().join();
        ApiServer.Dependencies dependencies = new ApiServer.Dependencies(
                service,
                MemoryHistory.start(service, InstantSource.system(), System::nanoTime, service.system()),
                IngestListener.NONE,
                _ -> (_, _, _) -> {},
                BearerTokens::none,
                Optional.empty(),
                _ -> Optional.empty(),
                Optional.empty(),
                List::of);
        api = ApiServer.bind(service.system(), HttpSettings.on(0), dependencies)
                .toCompletableFuture()
                .join();
        caller = new Caller(api.address().getPort());
    }

    private static IntakeLimits limits(int classes) {
        IntakeLimits usual = IntakeLimits.DEFAULT;
        return new IntakeLimits(
                classes,
                usual.imagesPerClass(),
                usual.bytesPerClass(),
                usual.reservoirBytes(),
                usual.fingerprintsPerClass(),
                usual.fingerprints(),
                usual.pendingBytes(),
                usual.maxAge());
    }

    int port() {
        return api.address().getPort();
    }

    HttpResponse<byte[]> get(String path) {
        return caller.get(path);
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) {
        return caller.post(path, type, body);
    }

    HttpResponse<byte[]> forget(String label) {
        return caller.send("/v1/classes/" + label, request -> request.DELETE());
    }

    HttpResponse<byte[]> withdraw(String label, String id) {
        return caller.send("/v1/samples/" + label + "/" + id, request -> request.DELETE());
    }

    /** Returns the names of the classes in the order of the service. */
    List<String> classes() {
        return Server.json(caller.get("/v1/classes")).findValuesAsText("label");
    }

    @Override
    public void close() {
        caller.close();
        api.stop(GRACE).toCompletableFuture().join();
        service.stop(GRACE).toCompletableFuture().join();
    }
}
