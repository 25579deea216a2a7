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

/**
 * Times or profiles the inner loops of a distillation on a device; fails if a class step failed, since the times are
 * then void.
 *
 * @param repeats number of measured intervals, at least 1
 * @param onProgress called with the share of the work that is done, in [0, 1]
 * @param nanos a monotonic clock in nanoseconds
 */
record LoopTimer(
        LoopBench bench,
        Kernels device,
        int repeats,
        DoubleConsumer onProgress,
        LongSupplier nanos,
        InstantSource clock) {

    /** Measures the mean time of an inner loop in each interval, and counts the operations of the kernels. */
    BenchReport time() {
        KernelProfile profile = new KernelProfile(nanos);
        MachineLimits limits = MachineLimits.measure(device, Device.threads(), nanos);
        Recorder times = warmUpAndRun(profile);
        return BenchReport.of(bench, times.millis(repeats), profile.flop() / loops(), limits);
    }

    /** Measures the mean time of an inner loop over all intervals, by kernel and caller. */
    LoopProfile profile() {
        KernelProfile profile = new KernelProfile(nanos);
        MachineLimits limits = MachineLimits.measure(device, Device.threads(), nanos);
        Recorder times = warmUpAndRun(profile);
        return new LoopProfile(
                bench,
                BenchReport.Times.MILLIS_PER_SECOND * times.seconds() / loops(),
                BenchReport.Times.MILLIS_PER_SECOND * times.workerSeconds() / loops(),
                Device.threads(),
                LoopProfile.rows(profile.uses(), loops(), Device.threads()),
                limits);
    }

    private int loops() {
        return repeats * bench.interval();
    }

    private Recorder warmUpAndRun(KernelProfile profile) {
        run(bench.warmUp(), 1, profile, new Recorder(1, _ -> {}, () -> {}));
        Recorder times = new Recorder(loops(), onProgress, profile::reset);
        run(bench, repeats, profile, times);
        times.requireNoFailures();
        return times;
    }

    private void run(LoopBench loops, int intervals, KernelProfile profile, TelemetryListener listener) {
        loops.run(loops.dataset(), intervals, profile.profiling(device), profile::profiling, List.of(listener), clock);
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
         * Creates a recorder of {@code loops} inner loops; {@code onStart} is called when all classes are initialised.
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

        double workerSeconds() {
            return completed.stream()
                    .mapToDouble(InnerLoopCompleted::workerSeconds)
                    .sum();
        }
    }
}
