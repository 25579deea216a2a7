package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Failpoint;
import dev.reverie.deploy.history.faults.Fault;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts rounds and violations by database, failpoint and fault. */
final class RoundTable {

    private final Map<String, Map<Failpoint, Map<Fault, Count>>> counts = new TreeMap<>();

    private record Count(int rounds, int violations) {
        Count plus(boolean violation) {
            return new Count(rounds + 1, violations + (violation ? 1 : 0));
        }
    }

    void add(String database, RoundPlan plan, boolean violation) {
        counts.computeIfAbsent(database, _ -> new TreeMap<>())
                .computeIfAbsent(plan.failpoint(), _ -> new TreeMap<>())
                .merge(plan.fault(), new Count(1, violation ? 1 : 0), (old, one) -> old.plus(violation));
    }

    /** Whether there was a round with this failpoint. */
    boolean has(Failpoint failpoint) {
        return counts.values().stream().anyMatch(rows -> rows.containsKey(failpoint));
    }

    /**
     * A Markdown table with one row for each failpoint. A cell has the rounds, and the violations if there were any.
     */
    String markdown() {
        StringBuilder text = new StringBuilder("| database | failpoint |");
        for (Fault fault : Fault.values()) {
            text.append(' ').append(fault.name().toLowerCase(Locale.ROOT)).append(" |");
        }
        text.append("\n|---|---|").append("--:|".repeat(Fault.values().length)).append('\n');
        counts.forEach((database, rows) -> rows.forEach((failpoint, cells) -> {
            text.append("| ").append(database).append(" | ").append(failpoint).append(" |");
            for (Fault fault : Fault.values()) {
                text.append(' ')
                        .append(cell(cells.getOrDefault(fault, new Count(0, 0))))
                        .append(" |");
            }
            text.append('\n');
        }));
        return text.toString();
    }

    private static String cell(Count count) {
        if (count.rounds() == 0) {
            return "";
        }
        return count.violations() == 0
                ? Integer.toString(count.rounds())
                : "%d, %d violated".formatted(count.rounds(), count.violations());
    }
}
