package dev.reverie.deploy.experiments.bench;

import dev.reverie.deploy.experiments.bench.LoopProfile.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as a table: for a terminal, or as Markdown. */
public final class ProfileTable {

    private static final double PERCENT = 100;

    /** Share of the loop below which rows are added up. */
    private static final double SMALL = 0.005;

    private static final List<String> TITLES =
            List.of("phase", "caller", "kernel", "calls", "ms", "share", "GFLOP/s", "of limit", "GB/s", "of copying");

    private final LoopProfile profile;

    public ProfileTable(LoopProfile profile) {
        this.profile = profile;
    }

    /** Columns kept apart by spaces, with the sums in sentences above. */
    public List<String> text() {
        List<String> lines = summary();
        lines.add("");
        rows().forEach(row ->
                lines.add(String.format("%-7s  %-16s  %-20s  %6s  %7s  %6s  %7s  %8s  %6s  %10s", row.toArray())
                        .stripTrailing()));
        return lines;
    }

    /** As Markdown, with the sums in sentences above. */
    public List<String> markdown() {
        List<String> lines = summary();
        lines.add("");
        List<List<String>> rows = rows();
        lines.add(markdown(rows.getFirst()));
        lines.add("|---|---|---" + "|--:".repeat(TITLES.size() - 3) + "|");
        rows.subList(1, rows.size()).forEach(row -> lines.add(markdown(row)));
        return lines;
    }

    private static String markdown(List<String> row) {
        return "| " + String.join(" | ", row) + " |";
    }

    private List<String> summary() {
        double outside = profile.loopMs() - profile.workerMs();
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: %.0f ms, of which %.1f ms (%.2f %%) outside the worker; %d cores.",
                profile.what().title(), profile.loopMs(), outside, share(outside), profile.cores()));
        lines.add(format(
                "This machine: %.0f GFLOP/s in convolutions, %.0f in matrix products; %.1f GB/s copying.",
                profile.limits().convolutionGflops(),
                profile.limits().gemmGflops(),
                profile.limits().copyGigabytesPerSecond()));
        return lines;
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        double small = 0;
        for (Row row : profile.rows()) {
            if (row.ms() < SMALL * profile.loopMs()) {
                small += row.ms();
            } else {
                rows.add(cells(row));
            }
        }
        rows.add(sum("less than 0.5 % each", small));
        rows.add(sum("waiting", profile.waitingMs()));
        return rows;
    }

    private List<String> cells(Row row) {
        return List.of(
                row.phase(),
                row.caller(),
                row.kernel(),
                row.calls() > 0 ? format("%.0f", row.calls()) : "",
                format("%.1f", row.ms()),
                format("%.1f %%", share(row.ms())),
                row.gflops() > 0 ? format("%.0f", row.gflops()) : "",
                row.gflops() > 0
                        ? format(
                                "%.0f %%",
                                PERCENT * row.gflops() / profile.limits().gflops())
                        : "",
                row.gigabytesPerSecond() > 0 ? format("%.1f", row.gigabytesPerSecond()) : "",
                row.gigabytesPerSecond() > 0
                        ? format(
                                "%.0f %%",
                                PERCENT
                                        * row.gigabytesPerSecond()
                                        / profile.limits().copyGigabytesPerSecond())
                        : "");
    }

    private List<String> sum(String name, double ms) {
        return List.of("", name, "", "", format("%.1f", ms), format("%.1f %%", share(ms)), "", "", "", "");
    }

    private double share(double ms) {
        return PERCENT * ms / profile.loopMs();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
