package dev.reverie.lab.bench;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.profile.KernelProfile;
import dev.reverie.gpu.profile.MachineLimits;
import dev.reverie.gpu.profile.ProfiledEngine;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.time.InstantSource;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * Times or profiles the inner loops of a distillation.
 *
 * @param nanos a monotonic clock in nanoseconds
 * @param clock clock for the run and the stack samples
 */
public record LoopTimer(LongSupplier nanos, InstantSource clock) {

    /**
     * Measures the mean time of an inner loop in each interval, and counts the operations of the kernels.
     *
     * @param intervals number of intervals, at least 1
     * @param onProgress called with the share of the work that is done, in [0, 1]
     * @throws dev.reverie.actors.DistillationException if a class step failed or the worker restarted, since the times
     *     are then void
     */
    public BenchReport time(LoopBench bench, Kernels device, int intervals, DoubleConsumer onProgress) {
        KernelProfile kernels = new KernelProfile(device, nanos);
        MachineLimits limits = limits(device);
        LoopTimeRecorder times = warmUpAndRun(bench, intervals, kernels, onProgress, () -> {});
        return BenchReport.of(
                bench, times.millis(intervals), kernels.flop() / (intervals * (double) bench.interval()), limits);
    }

    /**
     * Measures the mean time of an inner loop over all intervals, by kernel and caller.
     *
     * @throws dev.reverie.actors.DistillationException if a class step failed or the worker restarted, since the times
     *     are then void
     */
    public LoopProfile profile(LoopBench bench, Kernels device, int intervals, DoubleConsumer onProgress) {
        KernelProfile kernels = new KernelProfile(device, nanos);
        MachineLimits limits = limits(device);
        try (StackSampler samples = new StackSampler(clock)) {
            LoopTimeRecorder times = warmUpAndRun(bench, intervals, kernels, onProgress, samples::begin);
            int loops = intervals * bench.interval();
            return new LoopProfile(
                    bench,
                    TimingSummary.MILLIS_PER_SECOND * times.seconds() / loops,
                    TimingSummary.MILLIS_PER_SECOND * times.workerSeconds() / loops,
                    Device.threads(),
                    LoopProfile.rows(kernels.uses(), samples.end(), loops, Device.threads()),
                    limits);
        }
    }

    private MachineLimits limits(Kernels device) {
        return MachineLimits.measure(device, Device.threads(), nanos);
    }

    private LoopTimeRecorder warmUpAndRun(
            LoopBench bench, int intervals, KernelProfile kernels, DoubleConsumer onProgress, Runnable onStart) {
        run(bench.warmUp(), 1, kernels, new LoopTimeRecorder(1, _ -> {}, () -> {}));
        LoopTimeRecorder times = new LoopTimeRecorder(intervals * bench.interval(), onProgress, () -> {
            kernels.reset();
            onStart.run();
        });
        run(bench, intervals, kernels, times);
        times.requireNoFailures();
        return times;
    }

    private void run(LoopBench bench, int intervals, KernelProfile kernels, TelemetryListener listener) {
        new LoopRun(bench, bench.dataset(), intervals)
                .execute(kernels, engine -> new ProfiledEngine(engine, kernels), List.of(listener), clock);
    }
}
