package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.List;

/** Rejects lists that contain a value twice, before any work begins. */
final class DuplicateCheck {

    private DuplicateCheck() {}

    /**
     * Checks the values and returns them.
     *
     * @param where source of the values, for the message
     * @throws InputException if two values are equal
     */
    static <T> List<T> check(String where, List<T> values) {
        if (values.stream().distinct().count() < values.size()) {
            throw new InputException(where + " contains a value twice: remove one of them");
        }
        return values;
    }
}
