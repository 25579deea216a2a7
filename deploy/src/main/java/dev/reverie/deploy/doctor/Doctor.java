package dev.reverie.deploy.doctor;

import dev.reverie.deploy.doctor.Diagnosis.Machine;
import dev.reverie.deploy.doctor.Diagnosis.Results;
import dev.reverie.deploy.doctor.Diagnosis.Start;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import java.util.Arrays;
import java.util.Comparator;
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
        EngineTrials trials = new EngineTrials(opener, nanos);
        // the engine of a start comes first, because a start loads it first too
        List<KernelEngine> inOrder = engines.stream()
                .sorted(Comparator.comparing(engine -> !start.engine().equals(Optional.of(engine.name()))))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            inOrder.forEach(trials::attempt);
        }
        Advice advice = new Advice(driver);
        List<EngineFinding> findings = Arrays.stream(EngineName.values())
                .map(name -> finding(name, trials, advice))
                .toList();
        return new Diagnosis(findings, driver, start, results(findings, trials), advice.on(findings), machine());
    }

    private Start start() {
        try {
            EngineName name = Device.choose(engines, wanted).name();
            return new Start(Optional.of(name), Advice.reason(name, wanted));
        } catch (DeviceException e) {
            return new Start(Optional.empty(), Advice.line(e));
        }
    }

    private EngineFinding finding(EngineName name, EngineTrials trials, Advice advice) {
        Optional<KernelEngine> engine =
                engines.stream().filter(one -> one.name() == name).findFirst();
        if (engine.isEmpty()) {
            return EngineFinding.absent(name, advice.toGet(name));
        }
        return trials.check(name)
                .map(done -> EngineFinding.usable(name, engine.get().details(), done, trials.reference()))
                .orElseGet(() -> EngineFinding.unusable(name, engine.get().details(), trials.failure(name)));
    }

    private static Optional<Results> results(List<EngineFinding> findings, EngineTrials trials) {
        if (findings.stream().noneMatch(EngineFinding::usable)) {
            return Optional.empty();
        }
        Optional<Double> between = trials.largestDifference();
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
