package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognises that a database has refused a single row, although it works. */
final class RefusedRow {

    /**
     * Classes of SQLSTATE: a value that the column cannot hold, a key that exists already, a value that is too large,
     * and a damaged page, which only the rows on it need.
     */
    private static final Set<String> CLASSES = Set.of("22", "23", "54", "XX");

    private RefusedRow() {}

    /** Whether a refused row has caused the failure of a write. */
    static boolean causes(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, cause -> cause.getCause())
                .anyMatch(RefusedRow::isRefusal);
    }

    private static boolean isRefusal(@Nullable Throwable cause) {
        String state = cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
        return state.length() == 5 && CLASSES.contains(state.substring(0, 2));
    }
}
