package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.deploy.text.Plural;
import dev.reverie.lab.bench.KernelProfile.KernelUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The time of one inner loop, by kernel and caller. Each row shows the total time on all cores, divided by the number
 * of cores. The rows therefore add up to the loop time minus the time during which cores were waiting or running code
 * outside the kernels.
 *
 * @param loopMs mean milliseconds per inner loop
 * @param workerMs mean milliseconds per inner loop spent in the worker
 * @param limits the limits of this machine, measured just before the benchmark
 */
record LoopProfile(
        @JsonUnwrapped LoopBench bench,
        double loopMs,
        double workerMs,
        int cores,
        List<Row> rows,
        MachineLimits limits) {

    private static final double GIGA = 1e9;
    private static final double PERCENT = 100;

    /** Rows with a smaller share of the loop are added up in one row. */
    private static final double MIN_SHARE = 0.005;

    private static final List<String> COLUMNS =
            List.of("phase", "caller", "kernel", "calls", "ms", "share", "GFLOP/s", "of limit", "GB/s", "of copying");

    LoopProfile {
        rows = List.copyOf(rows);
    }

    /**
     * The time of one kernel when called by one Java class.
     *
     * @param phase {@code match}, {@code train} or {@code select}
     * @param calls number of calls per inner loop
     * @param ms milliseconds per inner loop
     * @param gflops 10^9 operations per second on all cores; 0 if the kernel is limited by memory
     * @param gigabytesPerSecond 10^9 bytes read and written per second on all cores, assuming no caching
     */
    record Row(
            String phase,
            String caller,
            String kernel,
            double calls,
            double ms,
            double gflops,
            double gigabytesPerSecond) {}

    /** Creates rows from the uses in descending order of time. */
    static List<Row> rows(List<KernelUse> uses, int loops, int cores) {
        return uses.stream().map(use -> row(use, loops, cores)).toList();
    }

    private static Row row(KernelUse use, int loops, int cores) {
        double seconds = use.seconds() / cores;
        return new Row(
                use.phase(),
                use.caller(),
                use.kernel(),
                (double) use.calls() / loops,
                BenchReport.Times.MILLIS_PER_SECOND * seconds / loops,
                use.flop() / seconds / GIGA,
                use.bytes() / seconds / GIGA);
    }

    /** Formats the table for a terminal, below a summary of two lines. */
    List<String> text() {
        List<String> lines = summary();
        table().forEach(row ->
                lines.add(String.format("%-7s  %-16s  %-20s  %6s  %7s  %6s  %7s  %8s  %6s  %10s", row.toArray())
                        .stripTrailing()));
        return lines;
    }

    /** Formats the table as Markdown, below a summary of two lines. */
    List<String> markdown() {
        List<String> lines = summary();
        List<List<String>> rows = table();
        lines.add(markdown(rows.getFirst()));
        lines.add("|---|---|---" + "|--:".repeat(COLUMNS.size() - 3) + "|");
        rows.subList(1, rows.size()).forEach(row -> lines.add(markdown(row)));
        return lines;
    }

    private static String markdown(List<String> row) {
        return "| " + String.join(" | ", row) + " |";
    }

    /** Returns two lines, and an empty one. */
    private List<String> summary() {
        double outside = loopMs - workerMs;
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: %.0f ms, of which %.1f ms (%.2f %%) outside the worker; %s.",
                bench.title(), loopMs, outside, share(outside), Plural.of(cores, "core")));
        lines.add(format(
                "This machine: %.0f GFLOP/s in convolutions, %.0f in matrix products; %.1f GB/s copying.",
                limits.convolutionGflops(), limits.gemmGflops(), limits.copyGigabytesPerSecond()));
        lines.add("");
        return lines;
    }

    private List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        double rest = 0;
        for (Row row : this.rows) {
            if (row.ms() < MIN_SHARE * loopMs) {
                rest += row.ms();
            } else {
                rows.add(cells(row));
            }
        }
        rows.add(sum("less than 0.5 % each", rest));
        // what no row accounts for: cores waited, or ran code outside the kernels
        rows.add(sum(
                "other code, waiting",
                loopMs - this.rows.stream().mapToDouble(Row::ms).sum()));
        return rows;
    }

    private List<String> cells(Row row) {
        return List.of(
                row.phase(),
                row.caller(),
                row.kernel(),
                format("%.0f", row.calls()),
                format("%.1f", row.ms()),
                format("%.1f %%", share(row.ms())),
                row.gflops() > 0 ? format("%.0f", row.gflops()) : "",
                row.gflops() > 0 ? format("%.0f %%", PERCENT * row.gflops() / limits.gflops()) : "",
                format("%.1f", row.gigabytesPerSecond()),
                format("%.0f %%", PERCENT * row.gigabytesPerSecond() / limits.copyGigabytesPerSecond()));
    }

    private List<String> sum(String name, double ms) {
        return List.of("", name, "", "", format("%.1f", ms), format("%.1f %%", share(ms)), "", "", "", "");
    }

    private double share(double ms) {
        return PERCENT * ms / loopMs;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
