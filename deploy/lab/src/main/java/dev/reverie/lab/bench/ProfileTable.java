package dev.reverie.lab.bench;

import dev.reverie.deploy.text.Plural;
import dev.reverie.lab.bench.LoopProfile.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a profile as a table for a terminal or as Markdown. */
public final class ProfileTable {

    private static final double PERCENT = 100;

    /** Rows with a smaller share of the loop are added up in one row. */
    private static final double MIN_SHARE = 0.005;

    private static final List<String> COLUMNS =
            List.of("phase", "caller", "kernel", "calls", "ms", "share", "GFLOP/s", "of limit", "GB/s", "of copying");

    private final LoopProfile profile;

    public ProfileTable(LoopProfile profile) {
        this.profile = profile;
    }

    /** Formats the table for a terminal, below a summary of two lines. */
    public List<String> text() {
        List<String> lines = summary();
        lines.add("");
        rows().forEach(row ->
                lines.add(String.format("%-7s  %-16s  %-20s  %6s  %7s  %6s  %7s  %8s  %6s  %10s", row.toArray())
                        .stripTrailing()));
        return lines;
    }

    /** Formats the table as Markdown, below a summary of two lines. */
    public List<String> markdown() {
        List<String> lines = summary();
        lines.add("");
        List<List<String>> rows = rows();
        lines.add(markdown(rows.getFirst()));
        lines.add("|---|---|---" + "|--:".repeat(COLUMNS.size() - 3) + "|");
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
                "%s: %.0f ms, of which %.1f ms (%.2f %%) outside the worker; %s.",
                profile.bench().title(),
                profile.loopMs(),
                outside,
                share(outside),
                Plural.of(profile.cores(), "core")));
        lines.add(format(
                "This machine: %.0f GFLOP/s in convolutions, %.0f in matrix products; %.1f GB/s copying.",
                profile.limits().convolutionGflops(),
                profile.limits().gemmGflops(),
                profile.limits().copyGigabytesPerSecond()));
        return lines;
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        double rest = 0;
        for (Row row : profile.rows()) {
            if (row.ms() < MIN_SHARE * profile.loopMs()) {
                rest += row.ms();
            } else {
                rows.add(cells(row));
            }
        }
        rows.add(sum("less than 0.5 % each", rest));
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
