package dev.reverie.lab.run;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.serve.RunningService;
import dev.reverie.deploy.serve.ServiceStarter;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A service that runs for one experiment and starts with an empty store.
 *
 * @param address for example {@code http://127.0.0.1:41234}; requests need no token
 * @param stop stops the service, which afterwards no longer writes to its store
 */
public record TemporaryService(URI address, Runnable stop) implements AutoCloseable {

    @Override
    public void close() {
        stop.run();
    }

    @FunctionalInterface
    public interface Factory {

        /**
         * Starts a service and returns when it is ready.
         *
         * @param settings settings of the distillation, which runs until the service is closed
         * @param changed values of other settings of the service than their defaults, by key
         * @param store an empty folder; the caller deletes it after closing the service
         */
        TemporaryService start(DistillationSettings settings, Map<String, String> changed, Path store)
                throws IOException;
    }

    /**
     * Returns a factory of services in this process, which distil with {@code engines} by the given settings, listen on
     * a free port, and do not evaluate their memory. All other settings are the defaults of {@code serve}.
     */
    public static Factory inThisProcess(EngineFactory engines, InstantSource clock, LongSupplier nanos) {
        return (settings, changed, store) -> {
            Map<String, String> all = new HashMap<>(changed);
            all.put("reverie.store.folder", store.toString());
            all.put("reverie.http.port", "0");
            all.put("reverie.evaluation.enabled", "false");
            ServiceConfig config = ServiceConfig.load(Optional.empty(), Map.of(), all);
            RunningService service = new ServiceStarter(config, engines, clock, nanos, List.of()).start(settings);
            service.storeRead().toCompletableFuture().join();
            return new TemporaryService(service.address(), service::close);
        };
    }
}
