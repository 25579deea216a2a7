package dev.reverie.deploy.run;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells listeners how far the network is trained that chooses the images of a new run. Telemetry has events for the
 * training of an observer only. Thread safe.
 */
public final class SelectionProgress {

    private final int samples;
    private final int batch;
    private final List<RunListener> listeners;
    private long trained;

    public SelectionProgress(DistillationSettings settings, int images, List<RunListener> listeners) {
        this.samples = settings.method().hasObserver() ? 0 : settings.schedule().selectionSamples();
        this.batch = Math.min(settings.schedule().networkBatch(), images);
        this.listeners = List.copyOf(listeners);
    }

    /** Returns engines that tell of their steps. */
    List<Supplier<DistillationEngine>> of(List<Supplier<DistillationEngine>> engines) {
        return engines.stream().map(this::telling).toList();
    }

    private Supplier<DistillationEngine> telling(Supplier<DistillationEngine> opening) {
        return () -> {
            DistillationEngine engine = opening.get();
            engine.beforeEachStep(this::beforeStep);
            return engine;
        };
    }

    /** Must be called before each training step. Has no effect once the network is trained. */
    public synchronized void beforeStep() {
        if (trained > 0 && trained < samples) {
            int shown = Math.toIntExact(trained);
            listeners.forEach(listener -> listener.selectionTrained(shown, samples));
        }
        trained += batch;
    }
}
