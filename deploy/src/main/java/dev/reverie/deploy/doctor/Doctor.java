package dev.reverie.deploy.doctor;

import dev.reverie.deploy.doctor.Diagnosis.Machine;
import dev.reverie.deploy.doctor.Diagnosis.Results;
import dev.reverie.deploy.doctor.Diagnosis.Start;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.DeviceException;
import dev.reverie.gpu.tensor.EngineName;
import dev.reverie.gpu.tensor.KernelEngine;
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
 * @param engines the engines that the application contains
 * @param opener opens an engine
 * @param driver NVIDIA's driver, if it is installed
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

    /** Tries all engines. */
    public Diagnosis examine() {
        Start start = start();
        Map<EngineName, EngineCheck> checks = new EnumMap<>(EngineName.class);
        Map<EngineName, String> failures = new EnumMap<>(EngineName.class);
        // the engine of a start comes first, because a start loads it first too
        List<KernelEngine> inOrder = engines.stream()
                .sorted(Comparator.comparing(engine -> !start.engine().equals(Optional.of(engine.name()))))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            inOrder.stream()
                    .filter(engine -> !failures.containsKey(engine.name()))
                    .forEach(engine -> attempt(engine, checks, failures));
        }
        Advice advice = new Advice(driver);
        List<EngineFinding> findings = Arrays.stream(EngineName.values())
                .map(name -> finding(name, checks, failures, advice))
                .toList();
        return new Diagnosis(findings, driver, start, results(findings, checks), advice.on(findings), machine());
    }

    private Start start() {
        try {
            EngineName name = Device.choose(engines, wanted).name();
            return new Start(Optional.of(name), Advice.reason(name, wanted));
        } catch (DeviceException e) {
            return new Start(Optional.empty(), Advice.line(e));
        }
    }

    private void attempt(KernelEngine engine, Map<EngineName, EngineCheck> checks, Map<EngineName, String> failures) {
        try {
            checks.put(engine.name(), EngineCheck.of(opener.apply(engine), nanos));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // whatever happens to one engine, the others are examined too
            checks.remove(engine.name());
            failures.put(engine.name(), Advice.line(e));
        }
    }

    private EngineFinding finding(
            EngineName name, Map<EngineName, EngineCheck> checks, Map<EngineName, String> failures, Advice advice) {
        Optional<KernelEngine> engine =
                engines.stream().filter(one -> one.name() == name).findFirst();
        Optional<EngineCheck> check = Optional.ofNullable(checks.get(name));
        if (engine.isEmpty()) {
            return EngineFinding.absent(name, advice.toGet(name));
        }
        return check.map(done -> EngineFinding.usable(name, engine.get().details(), done, reference(checks)))
                .orElseGet(() -> EngineFinding.unusable(
                        name, engine.get().details(), failures.getOrDefault(name, "it was not tried")));
    }

    /** The check whose results in double precision are the reference for all engines: the first of at least one. */
    private static EngineCheck reference(Map<EngineName, EngineCheck> checks) {
        return checks.values().iterator().next();
    }

    private static Optional<Results> results(List<EngineFinding> findings, Map<EngineName, EngineCheck> checks) {
        if (checks.isEmpty()) {
            return Optional.empty();
        }
        Optional<Double> between = checks.entrySet().stream()
                .flatMap(one -> checks.entrySet().stream()
                        .filter(other -> one.getKey() != other.getKey())
                        .map(other -> one.getValue().differenceFrom(other.getValue())))
                .max(Comparator.naturalOrder());
        double tolerance = findings.stream()
                .filter(EngineFinding::usable)
                .mapToDouble(EngineFinding::tolerance)
                .reduce(0, Math::max);
        return Optional.of(new Results(
                findings.stream().mapToDouble(EngineFinding::difference).reduce(0, Math::max),
                between,
                tolerance,
                findings.stream().allMatch(EngineFinding::hasRightResults) && between.orElse(0.0) <= tolerance));
    }

    private static Machine machine() {
        return new Machine(
                MachineInfo.systemName(),
                MachineInfo.processorModel(),
                Runtime.getRuntime().availableProcessors(),
                MachineInfo.memoryBytes(),
                Runtime.getRuntime().maxMemory());
    }
}
