package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.List;

/** Refuses lists that name something twice before any work begins. */
final class DuplicateCheck {

    private DuplicateCheck() {}

    /**
     * The values themselves.
     *
     * @param where they were said
     * @throws InputException if two of them are the same
     */
    static <T> List<T> check(String where, List<T> values) {
        if (values.stream().distinct().count() < values.size()) {
            throw new InputException(where + " names something twice");
        }
        return values;
    }
}
