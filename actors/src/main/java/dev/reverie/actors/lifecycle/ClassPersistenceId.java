package dev.reverie.actors.lifecycle;

import java.util.OptionalInt;
import org.apache.pekko.persistence.typed.PersistenceId;

/** The persistence ids of classes, under which a store keeps their rows. */
public final class ClassPersistenceId {

    private static final String PREFIX = "class|";

    private ClassPersistenceId() {}

    public static PersistenceId of(int classIndex) {
        return PersistenceId.ofUniqueId(PREFIX + classIndex);
    }

    /** The index of the class with a persistence id; empty for an id that no class has. */
    public static OptionalInt indexOf(String persistenceId) {
        String digits = persistenceId.startsWith(PREFIX) ? persistenceId.substring(PREFIX.length()) : "";
        return digits.matches("0|[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
