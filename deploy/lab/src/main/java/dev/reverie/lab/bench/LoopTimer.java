package dev.reverie.lab.bench;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/** Times or profiles the inner loops of a distillation. */
record LoopTimer(LongSupplier nanos, InstantSource clock) {

    /**
     * Measures the mean time of an inner loop in each interval, and counts the operations of the kernels.
     *
     * @param intervals number of intervals, at least 1
     * @param onProgress called with the share of the work that is done, in [0, 1]
     * @throws dev.reverie.actors.DistillationException if a class step failed or the worker restarted, since the times
     *     are then void
     */
    BenchReport time(LoopBench bench, Kernels device, int intervals, DoubleConsumer onProgress) {
        KernelProfile profile = new KernelProfile(nanos);
        MachineLimits limits = limits(device);
        Recorder times = warmUpAndRun(bench, device, intervals, profile, onProgress, () -> {});
        return BenchReport.of(
                bench, times.millis(intervals), profile.flop() / (intervals * (double) bench.interval()), limits);
    }

    /**
     * Measures the mean time of an inner loop over all intervals, by kernel and caller.
     *
     * @throws dev.reverie.actors.DistillationException if a class step failed or the worker restarted, since the times
     *     are then void
     */
    LoopProfile profile(LoopBench bench, Kernels device, int intervals, DoubleConsumer onProgress) {
        KernelProfile profile = new KernelProfile(nanos);
        MachineLimits limits = limits(device);
        try (StackSampler samples = new StackSampler(clock)) {
            Recorder times = warmUpAndRun(bench, device, intervals, profile, onProgress, samples::begin);
            int loops = intervals * bench.interval();
            return new LoopProfile(
                    bench,
                    BenchReport.Times.MILLIS_PER_SECOND * times.seconds() / loops,
                    BenchReport.Times.MILLIS_PER_SECOND * times.workerSeconds() / loops,
                    Device.threads(),
                    LoopProfile.rows(profile.uses(), samples.end(), loops, Device.threads()),
                    limits);
        }
    }

    private MachineLimits limits(Kernels device) {
        return MachineLimits.measure(device, Device.threads(), nanos);
    }

    private Recorder warmUpAndRun(
            LoopBench bench,
            Kernels device,
            int intervals,
            KernelProfile profile,
            DoubleConsumer onProgress,
            Runnable onStart) {
        run(bench.warmUp(), device, 1, profile, new Recorder(1, _ -> {}, () -> {}));
        Recorder times = new Recorder(intervals * bench.interval(), onProgress, () -> {
            profile.reset();
            onStart.run();
        });
        run(bench, device, intervals, profile, times);
        times.requireNoFailures();
        return times;
    }

    private void run(
            LoopBench bench, Kernels device, int intervals, KernelProfile profile, TelemetryListener listener) {
        bench.run(bench.dataset(), intervals, profile.profiling(device), profile::profiling, List.of(listener), clock);
    }

    /** Records the time of each inner loop from telemetry. Called by one thread at a time. */
    static final class Recorder implements TelemetryListener {

        private final int loops;
        private final DoubleConsumer onProgress;
        private final Runnable onStart;
        private final List<InnerLoopCompleted> completed = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private int initialised;

        /**
         * Creates a recorder for a run of {@code loops} inner loops.
         *
         * @param onProgress called with the share of the run that is done, in [0, 1]
         * @param onStart called when all classes are initialised
         */
        Recorder(int loops, DoubleConsumer onProgress, Runnable onStart) {
            this.loops = loops;
            this.onProgress = onProgress;
            this.onStart = onStart;
        }

        @Override
        public void on(TelemetryEvent event) {
            switch (event) {
                case ClassInitialised _ -> {
                    initialised++;
                    if (initialised == BenchSetup.CLASSES) {
                        onStart.run();
                    }
                }
                case InnerLoopCompleted loop -> completed.add(loop);
                case ClassSkipped skipped -> failures.add(skipped.reason());
                case WorkerRestarted restarted -> failures.add(restarted.reason());
                default -> {}
            }
            onProgress.accept((double) (initialised + completed.size()) / (BenchSetup.CLASSES + loops));
        }

        /** Checks that every class step succeeded, because the times are meaningless otherwise. */
        void requireNoFailures() {
            if (!failures.isEmpty()) {
                throw new DistillationException(
                        "the times are void, because a class step failed or the worker restarted ("
                                + failures.getFirst() + "): choose a smaller --shape, or run again");
            }
        }

        /** Returns the mean milliseconds per inner loop, for each interval. */
        double[] millis(int intervals) {
            int interval = loops / intervals;
            double[] millis = new double[intervals];
            completed.forEach(
                    loop -> millis[loop.outer()] += BenchReport.Times.MILLIS_PER_SECOND * loop.seconds() / interval);
            return millis;
        }

        double seconds() {
            return completed.stream().mapToDouble(InnerLoopCompleted::seconds).sum();
        }

        /** Returns the part of {@link #seconds} that was spent in the worker. */
        double workerSeconds() {
            return completed.stream()
                    .mapToDouble(InnerLoopCompleted::workerSeconds)
                    .sum();
        }
    }
}
