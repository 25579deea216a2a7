package dev.reverie.streams.runtime;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Converts telemetry into events for clients. Called by one thread at a time. */
final class TelemetryEvents implements TelemetryListener {

    /** Every inner loop changes the memory, which is more often than clients need to know. */
    private static final Duration MEMORY_EVENT_INTERVAL = Duration.ofSeconds(5);

    private final EventLog log;
    private final InstantSource clock;
    /** Address of this node of a cluster, {@code host:port}; empty in a single process. */
    private final Optional<String> self;

    private final Map<Integer, String> names = new HashMap<>();
    private Instant lastMemoryEvent = Instant.EPOCH;

    TelemetryEvents(EventLog log, InstantSource clock, Optional<String> self) {
        this.log = log;
        this.clock = clock;
        this.self = self;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case TelemetryEvent.ClassPhaseChanged(var classIndex, var name, var phase) -> {
                names.put(classIndex, name);
                Map<String, Object> fields = classFields(classIndex);
                fields.put(
                        "phase", phase.map(ClassPhase::name).orElse("FORGOTTEN").toLowerCase(Locale.ROOT));
                if (phase.isEmpty()) {
                    names.remove(classIndex);
                }
                log.publish(Kind.CLASS, fields);
            }
            case TelemetryEvent.MemoryEvaluated evaluated ->
                log.publish(
                        Kind.EVALUATION,
                        Map.of(
                                "accuracy",
                                evaluated.accuracy(),
                                "images",
                                evaluated.images(),
                                "classes",
                                evaluated.accuracies().size(),
                                "memory_classes",
                                evaluated.memoryClasses(),
                                "taken",
                                evaluated.taken().toString()));
            case TelemetryEvent.OfAnotherNode(var node, var others) -> onEventOfNode(others, Optional.of(node));
            default -> onEventOfNode(event, self);
        }
    }

    /** Publishes what happens on one node. The other events concern the whole cluster. */
    private void onEventOfNode(TelemetryEvent event, Optional<String> node) {
        switch (event) {
            case TelemetryEvent.RepresentativesChosen chosen
            when names.containsKey(chosen.classIndex()) -> {
                Map<String, Object> fields = classFields(chosen.classIndex());
                fields.put("representatives", chosen.count());
                putIfFinite(fields, "inertia", chosen.inertia());
                fields.put("seconds", chosen.seconds());
                publish(Kind.CLUSTER, fields, node);
            }
            case TelemetryEvent.InnerLoopCompleted loop -> onLoop(loop, node);
            case TelemetryEvent.Warning(var message) -> publish(Kind.WARNING, Map.of("message", message), node);
            case TelemetryEvent.WorkerRestarted(var reason) ->
                publish(
                        Kind.WARNING,
                        Map.of("message", "the worker failed and was restarted; distillation continues: " + reason),
                        node);
            default -> {
                // not an event of the API, or one of a class that this node does not know
            }
        }
    }

    private void onLoop(TelemetryEvent.InnerLoopCompleted loop, Optional<String> node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outer", loop.outer());
        fields.put("inner", loop.inner());
        putIfFinite(fields, "matching_loss", loop.matchingLoss());
        putIfFinite(fields, "train_loss", loop.trainLoss());
        fields.put("seconds", loop.seconds());
        publish(Kind.PROGRESS, fields, node);
        if (Duration.between(lastMemoryEvent, clock.instant()).abs().compareTo(MEMORY_EVENT_INTERVAL) >= 0) {
            lastMemoryEvent = clock.instant();
            publish(Kind.MEMORY, Map.of("outer", loop.outer(), "inner", loop.inner()), node);
        }
    }

    private void publish(Kind kind, Map<String, Object> fields, Optional<String> node) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        node.ifPresent(address -> all.put("node", address));
        log.publish(kind, all);
    }

    private Map<String, Object> classFields(int classIndex) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("label", names.getOrDefault(classIndex, ""));
        fields.put("index", classIndex);
        return fields;
    }

    /** JSON has no infinity or NaN. */
    private static void putIfFinite(Map<String, Object> fields, String name, double value) {
        if (Double.isFinite(value)) {
            fields.put(name, value);
        }
    }
}
