package dev.reverie.deploy.doctor;

import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Tries engines, and keeps what they compute or why they cannot. The first that works also computes in double
 * precision: the reference for all engines. Not thread safe.
 */
final class EngineTrials {

    private final UnaryOperator<KernelEngine> opener;
    private final LongSupplier nanos;
    private final Map<EngineName, EngineCheck> checks = new EnumMap<>(EngineName.class);
    private final Map<EngineName, String> failures = new EnumMap<>(EngineName.class);
    private Optional<EngineCheck> reference = Optional.empty();

    EngineTrials(UnaryOperator<KernelEngine> opener, LongSupplier nanos) {
        this.opener = opener;
        this.nanos = nanos;
    }

    /** Tries an engine, unless it has failed before. */
    void attempt(KernelEngine engine) {
        if (failures.containsKey(engine.name())) {
            return;
        }
        try {
            KernelEngine open = opener.apply(engine);
            checks.put(engine.name(), EngineCheck.of(open, nanos));
            if (reference.isEmpty()) {
                reference = Optional.of(EngineCheck.exact(open, nanos));
            }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // whatever happens to one engine, the others are examined too
            checks.remove(engine.name());
            failures.put(engine.name(), Advice.line(e));
        }
    }

    /** Returns what an engine has computed; empty if it has failed or was not tried. */
    Optional<EngineCheck> check(EngineName name) {
        return Optional.ofNullable(checks.get(name));
    }

    /** Returns why an engine cannot be used. */
    String failure(EngineName name) {
        return failures.getOrDefault(name, "it was not tried");
    }

    /** Returns the reference, which is there if an engine works. */
    EngineCheck reference() {
        return reference.orElseThrow();
    }

    /** Returns the largest difference between two engines; empty if fewer than two work. */
    Optional<Double> largestDifference() {
        return checks.entrySet().stream()
                .flatMap(one -> checks.entrySet().stream()
                        .filter(other -> one.getKey() != other.getKey())
                        .map(other -> one.getValue().differenceFrom(other.getValue())))
                .max(Comparator.naturalOrder());
    }
}
