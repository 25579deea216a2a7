package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.gpu.profile.KernelProfile.KernelUse;
import dev.reverie.gpu.profile.MachineLimits;
import java.util.List;
import java.util.stream.Stream;

/**
 * The time of one inner loop, by kernel and caller. Each row shows the total time on all cores, divided by the number
 * of cores. The rows therefore add up to the loop time minus the time during which cores were waiting or running other
 * native code.
 *
 * @param bench the benchmark that was profiled
 * @param loopMs mean milliseconds per inner loop
 * @param workerMs mean milliseconds per inner loop spent in the worker
 * @param cores number of cores that shared the work
 * @param rows the rows, in descending order of time
 * @param limits the limits of this machine, measured just before the benchmark
 */
public record LoopProfile(
        @JsonUnwrapped LoopBench bench,
        double loopMs,
        double workerMs,
        int cores,
        List<Row> rows,
        MachineLimits limits) {

    private static final double GIGA = 1e9;

    public LoopProfile {
        rows = List.copyOf(rows);
    }

    /**
     * The time of one kernel when called by one Java class, or of one Java class outside the kernels.
     *
     * @param phase {@code match}, {@code train} or {@code select}; empty outside the kernels
     * @param caller simple name of the class
     * @param kernel name of the kernel; {@code Java} outside the kernels
     * @param calls number of calls per inner loop; 0 outside the kernels
     * @param ms milliseconds per inner loop
     * @param gflops 10^9 operations per second on all cores; 0 if the kernel is limited by memory
     * @param gigabytesPerSecond 10^9 bytes read and written per second on all cores, assuming no caching; 0 outside the
     *     kernels
     */
    public record Row(
            String phase,
            String caller,
            String kernel,
            double calls,
            double ms,
            double gflops,
            double gigabytesPerSecond) {}

    /**
     * Returns the milliseconds per inner loop that no row accounts for, in which cores waited or ran other native code
     * (and, except on Linux, Java code outside the kernels).
     */
    public double waitingMs() {
        return loopMs - rows.stream().mapToDouble(Row::ms).sum();
    }

    static List<Row> rows(List<KernelUse> uses, List<StackSampler.ClassTime> times, int loops, int cores) {
        Stream<Row> inKernels = uses.stream().map(use -> row(use, loops, cores));
        Stream<Row> inJava = times.stream().map(time -> row(time, loops, cores));
        return Stream.concat(inKernels, inJava)
                .sorted((left, right) -> Double.compare(right.ms(), left.ms()))
                .toList();
    }

    private static Row row(StackSampler.ClassTime time, int loops, int cores) {
        double ms = TimingSummary.MILLIS_PER_SECOND * time.seconds() / (loops * cores);
        return new Row("", time.owner(), "Java", 0, ms, 0, 0);
    }

    private static Row row(KernelUse use, int loops, int cores) {
        double seconds = use.seconds() / cores;
        return new Row(
                use.phase(),
                use.caller(),
                use.kernel(),
                (double) use.calls() / loops,
                TimingSummary.MILLIS_PER_SECOND * seconds / loops,
                use.flop() / seconds / GIGA,
                use.bytes() / seconds / GIGA);
    }
}
