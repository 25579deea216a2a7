package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.Collections;
import java.util.List;

/** Rejects lists that contain a value twice, before any work begins. */
public final class DuplicateCheck {

    private DuplicateCheck() {}

    /**
     * Checks the values and returns them.
     *
     * @param where source of the values, for the message
     * @throws InputException if two values are equal
     */
    public static <T> List<T> check(String where, List<T> values) {
        values.stream()
                .filter(value -> Collections.frequency(values, value) > 1)
                .findFirst()
                .ifPresent(twice -> {
                    throw new InputException(where + " contains '" + twice + "' twice: remove one of them");
                });
        return values;
    }
}
