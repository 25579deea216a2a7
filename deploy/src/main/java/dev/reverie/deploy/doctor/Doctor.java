package dev.reverie.deploy.doctor;

import dev.reverie.deploy.doctor.Diagnosis.Finding;
import dev.reverie.deploy.doctor.Diagnosis.Machine;
import dev.reverie.deploy.doctor.Diagnosis.Results;
import dev.reverie.deploy.doctor.Diagnosis.Start;
import dev.reverie.deploy.doctor.Diagnosis.Timing;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Tries the engines of the application one after the other, and compares what they compute.
 *
 * @param wanted the engine that the user names, if any
 * @param nanos measures the computations
 */
public record Doctor(
        List<KernelEngine> engines,
        UnaryOperator<KernelEngine> opener,
        Optional<NvidiaDriver> driver,
        Optional<String> wanted,
        LongSupplier nanos) {

    /**
     * Java compiles in the first round what the engines share, so that its time does not count against the first
     * engine.
     */
    private static final int ROUNDS = 2;

    private static final int REPEATS = 10;

    public Doctor {
        engines = List.copyOf(engines);
    }

    /** A doctor for the engines on the class path. */
    public static Doctor ofThisMachine(Map<String, String> environment, LongSupplier nanos) {
        return new Doctor(
                Device.available(),
                Device::opened,
                NvidiaDriver.ofThisMachine(),
                Optional.ofNullable(environment.get(Device.VARIABLE)).filter(text -> !text.isBlank()),
                nanos);
    }

    public Diagnosis examine() {
        Start start = start();
        Trials trials = new Trials();
        // the engine of a start comes first, because a start loads it first too
        List<KernelEngine> inOrder = engines.stream()
                .sorted(Comparator.comparing(engine -> !start.engine().equals(Optional.of(engine.name()))))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            inOrder.forEach(trials::attempt);
        }
        Advice advice = new Advice(driver);
        List<Finding> findings = Arrays.stream(EngineName.values())
                .map(name -> engines.stream()
                        .filter(engine -> engine.name() == name)
                        .findFirst()
                        .map(trials::finding)
                        .orElseGet(() -> Finding.unusable(name, Optional.empty(), advice.toGet(name))))
                .toList();
        return new Diagnosis(findings, driver, start, trials.results(findings), advice.on(findings), machine());
    }

    private Start start() {
        try {
            EngineName name = Device.choose(engines, wanted).name();
            return new Start(Optional.of(name), Advice.reason(name, wanted));
        } catch (DeviceException e) {
            return new Start(Optional.empty(), Advice.line(e));
        }
    }

    private static Machine machine() {
        return new Machine(
                MachineInfo.systemName(),
                MachineInfo.processorModel(),
                Runtime.getRuntime().availableProcessors(),
                MachineInfo.memoryBytes(),
                Runtime.getRuntime().maxMemory());
    }

    /**
     * What the engines compute, or why they cannot. The first that works also computes in double precision: the
     * reference for all engines.
     */
    private final class Trials {

        private final Map<EngineName, EngineCheck> checks = new EnumMap<>(EngineName.class);
        private final Map<EngineName, String> failures = new EnumMap<>(EngineName.class);
        private Optional<EngineCheck> reference = Optional.empty();

        /** Tries an engine, unless it has failed before. */
        void attempt(KernelEngine engine) {
            if (failures.containsKey(engine.name())) {
                return;
            }
            try {
                KernelEngine open = opener.apply(engine);
                checks.put(engine.name(), EngineCheck.of(open.kernels(), open.threads(), REPEATS, nanos));
                if (reference.isEmpty()) {
                    reference = Optional.of(EngineCheck.of(open.referenceKernels(Precision.DOUBLE), 1, 1, nanos));
                }
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                // whatever happens to one engine, the others are examined too
                checks.remove(engine.name());
                failures.put(engine.name(), Advice.line(e));
            }
        }

        Finding finding(KernelEngine engine) {
            EngineName name = engine.name();
            Optional<KernelEngine.Details> details = Optional.of(engine.details());
            Optional<EngineCheck> done = Optional.ofNullable(checks.get(name));
            if (done.isEmpty()) {
                return Finding.unusable(name, details, failures.getOrDefault(name, "it was not tried"));
            }
            EngineCheck check = done.get();
            EngineCheck exact = reference.orElseThrow();
            return new Finding(
                    name,
                    true,
                    details,
                    Optional.empty(),
                    Optional.of(timing(check.product(), exact.product())),
                    Optional.of(timing(check.step(), exact.step())));
        }

        private static Timing timing(EngineCheck.Result found, EngineCheck.Result exact) {
            return new Timing(found.ms(), found.differenceFrom(exact));
        }

        Optional<Results> results(List<Finding> findings) {
            if (checks.isEmpty()) {
                return Optional.empty();
            }
            Optional<Double> between = checks.entrySet().stream()
                    .flatMap(one -> checks.entrySet().stream()
                            .filter(other -> one.getKey() != other.getKey())
                            .map(other -> one.getValue().differenceFrom(other.getValue())))
                    .max(Comparator.naturalOrder());
            double tolerance = findings.stream()
                    .filter(Finding::usable)
                    .mapToDouble(Finding::tolerance)
                    .reduce(0, Math::max);
            return Optional.of(new Results(
                    findings.stream().mapToDouble(Finding::difference).reduce(0, Math::max),
                    between,
                    tolerance,
                    findings.stream().allMatch(Finding::hasRightResults) && between.orElse(0.0) <= tolerance));
        }
    }
}
