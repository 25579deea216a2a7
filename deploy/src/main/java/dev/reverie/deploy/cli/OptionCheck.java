package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Rejects values of options before any work begins. */
public final class OptionCheck {

    /** A limit that no sensible number exceeds, so that a typing error does not start work that never ends. */
    public static final int MANY = 1_000_000;

    private OptionCheck() {}

    /**
     * Checks the value of an option, if it is given.
     *
     * @throws InputException if the value is below {@code least} or above {@code most}
     */
    public static void range(String option, Optional<Integer> value, int least, int most) {
        value.filter(given -> given < least || given > most).ifPresent(given -> {
            throw new InputException(option + " must be from " + least + " to " + most + ", not " + given);
        });
    }

    /**
     * Checks the value of an option, if it is given.
     *
     * @throws InputException if the value is not positive, or infinite
     */
    static void positive(String option, Optional<Double> value) {
        value.filter(given -> !(given > 0) || given.isInfinite()).ifPresent(given -> {
            throw new InputException(option + " is a positive number, not " + given);
        });
    }

    /**
     * Checks a list of values and returns it.
     *
     * @param where source of the values, for the message
     * @throws InputException if two values are equal
     */
    public static <T> List<T> distinct(String where, List<T> values) {
        values.stream()
                .filter(value -> Collections.frequency(values, value) > 1)
                .findFirst()
                .ifPresent(twice -> {
                    throw new InputException(where + " contains '" + twice + "' twice: remove one of them");
                });
        return values;
    }
}
