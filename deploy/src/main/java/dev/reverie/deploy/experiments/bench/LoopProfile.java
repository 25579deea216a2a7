package dev.reverie.deploy.experiments.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.gpu.profile.KernelUse;
import dev.reverie.gpu.profile.MachineLimits;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the time of one inner loop goes. Times of rows are those of all cores, divided by their number, so that they
 * add up to the loop's time but for what the cores spent waiting.
 *
 * @param what was run
 * @param loopMs milliseconds of the mean loop
 * @param workerMs part of it spent inside the worker
 * @param cores that the work was shared out among
 * @param rows the most time first
 * @param limits of this machine, measured just before
 */
public record LoopProfile(
        @JsonUnwrapped LoopBench what,
        double loopMs,
        double workerMs,
        int cores,
        List<Row> rows,
        MachineLimits limits) {

    private static final double MILLIS = 1e3;
    private static final double GIGA = 1e9;

    public LoopProfile {
        rows = List.copyOf(rows);
    }

    /**
     * One kernel for one caller, or one class outside the kernels.
     *
     * @param phase {@code match}, {@code train}, {@code select}, or empty outside the kernels
     * @param caller simple name of the class
     * @param kernel the primitive; {@code Java} outside the kernels
     * @param calls a loop; 0 outside the kernels
     * @param ms of the loop
     * @param gflops 10^9 operations a second on all cores; 0 where memory is what limits
     * @param gigabytesPerSecond read and written on all cores, were nothing in cache; 0 outside the kernels
     */
    public record Row(
            String phase,
            String caller,
            String kernel,
            double calls,
            double ms,
            double gflops,
            double gigabytesPerSecond) {}

    /** Milliseconds in which a core waited for another, or for something that is not Java code. */
    public double waitingMs() {
        return loopMs - rows.stream().mapToDouble(Row::ms).sum();
    }

    static List<Row> rows(List<KernelUse> uses, List<StackSampler.Share> shares, int loops, int cores) {
        Stream<Row> inKernels = uses.stream().map(use -> row(use, loops, cores));
        Stream<Row> inJava = shares.stream()
                .map(share -> new Row("", share.owner(), "Java", 0, MILLIS * share.seconds() / (loops * cores), 0, 0));
        return Stream.concat(inKernels, inJava)
                .sorted((left, right) -> Double.compare(right.ms(), left.ms()))
                .toList();
    }

    private static Row row(KernelUse use, int loops, int cores) {
        double seconds = use.seconds() / cores;
        return new Row(
                use.phase(),
                use.caller(),
                use.kernel(),
                (double) use.calls() / loops,
                MILLIS * seconds / loops,
                use.flop() / seconds / GIGA,
                use.bytes() / seconds / GIGA);
    }
}
