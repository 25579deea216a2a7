package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.List;

/** Refuses lists with duplicates before any work begins. */
final class DuplicateCheck {

    private DuplicateCheck() {}

    /**
     * Returns the values themselves.
     *
     * @param where they come from, for the message
     * @throws InputException if two values are equal
     */
    static <T> List<T> check(String where, List<T> values) {
        if (values.stream().distinct().count() < values.size()) {
            throw new InputException(where + " contains a value twice: remove one of them");
        }
        return values;
    }
}
