package dev.reverie.actors.store;

import java.util.List;

/**
 * The result of a {@link OfflineCheck}.
 *
 * @param rows rows that could be read
 * @param damage the actors whose rows are damaged, or that the index does not show as they are
 * @param hasWholeRows whether no row is damaged, so that damage is that of an index, which the next start builds again
 * @param lostWrites whether damage has taken the last writes away
 * @param hasChecksums whether the rows have checksums; those of the first versions of Reverie have none
 * @param copiedRows the rows of the actor that was asked for; empty if they are damaged
 */
public record CheckReport(
        long rows,
        StoreDamage damage,
        boolean hasWholeRows,
        boolean lostWrites,
        boolean hasChecksums,
        List<StoredRow> copiedRows) {

    public CheckReport {
        copiedRows = List.copyOf(copiedRows);
    }

    /** Whether nothing is damaged or lost. */
    public boolean isWhole() {
        return damage.reasons().isEmpty() && !lostWrites;
    }
}
