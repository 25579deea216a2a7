package dev.reverie.deploy.serve;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.gpu.matching.MatchingEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts services for tests, on free ports of this machine. */
public final class LocalService {

    private LocalService() {}

    /**
     * Starts a service and returns at once.
     *
     * @param store folder of the store
     * @param settings values of keys of the configuration that differ from the defaults
     */
    public static RunningService start(Path store, Map<String, String> settings) {
        return start(store, settings, MatchingEngine::open);
    }

    static RunningService start(Path store, Map<String, String> settings, EngineFactory engines) {
        Map<String, String> all = new HashMap<>(Map.of("reverie.http.port", "0"));
        all.put("reverie.store.folder", store.toString());
        all.putAll(settings);
        ServiceConfig config = ServiceConfig.load(Optional.empty(), Map.of(), all);
        return new ServiceStarter(config, engines, InstantSource.system(), System::nanoTime, List.of())
                .start(AccessFiles.of(config));
    }
}
