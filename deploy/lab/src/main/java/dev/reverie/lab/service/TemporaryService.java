package dev.reverie.lab.service;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.serve.RunningService;
import dev.reverie.gpu.method.DistillationSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * A service for an experiment. It uses the given distillation settings, listens on a free port, and does not evaluate
 * its memory. All other settings are the defaults of {@code serve}.
 */
public final class TemporaryService implements ServiceUnderTest {

    private final RunningService service;

    private TemporaryService(RunningService service) {
        this.service = service;
    }

    /** Returns a factory of services that distil with {@code engines}. */
    public static ServiceUnderTest.Factory on(EngineFactory engines, InstantSource clock, LongSupplier nanos) {
        return (settings, totalImages, store) -> start(settings, totalImages, store, engines, clock, nanos);
    }

    private static TemporaryService start(
            DistillationSettings settings,
            OptionalInt totalImages,
            Path store,
            EngineFactory engines,
            InstantSource clock,
            LongSupplier nanos) {
        ServiceConfig config = ServiceConfig.load(
                Optional.empty(),
                Map.of(),
                Map.of(
                        "reverie.store.folder",
                        store.toString(),
                        "reverie.http.port",
                        "0",
                        "reverie.memory.images-per-class",
                        Integer.toString(settings.ipc()),
                        "reverie.memory.total-images",
                        Integer.toString(totalImages.orElse(0)), // 0: no total
                        "reverie.evaluation.enabled",
                        "false"));
        RunningService service =
                RunningService.start(config, AccessFiles.of(config), _ -> settings, engines, clock, nanos, List.of());
        service.storeRead().toCompletableFuture().join();
        return new TemporaryService(service);
    }

    @Override
    public URI address() {
        return service.address();
    }

    @Override
    public void close() {
        service.close();
    }
}
