package dev.reverie.deploy.history.faults;

import java.util.Set;

/** A named place in the path of the store or the intake at which a fault can occur. */
public enum Failpoint {
    /** A class has received samples and has written nothing. */
    BEFORE_WRITE(Place.ENTRY, false, Target.of(Names.LIFECYCLE + "DurableClassActor", "onAddSamples")),
    /** A transaction has executed its statements and is not committed. */
    BEFORE_COMMIT(Place.ENTRY, true, Target.of(Names.STORE + "Transaction", "commit")),
    /** A transaction is committed, and nobody knows it yet. */
    AFTER_COMMIT(Place.EXIT, true, Target.of(Names.STORE + "Transaction", "commit")),
    /** A class of a delivery is about to get its samples; other classes may have theirs. */
    IN_DEALING(Place.ENTRY, false, Target.of(Names.INTAKE + "PendingDelivery", "send")),
    /** A delivery is durable and not acknowledged. */
    BEFORE_ACKNOWLEDGEMENT(Place.ENTRY, false, Target.of(Names.INTAKE + "PendingDelivery", "reply")),
    /** A delivery has a class that the registry does not have yet. */
    BEFORE_REGISTRATION(Place.ENTRY, false, Target.of(Names.INTAKE + "RegistryChanges", "register")),
    /** A class has a new snapshot and still has the rows that it replaces. */
    IN_SNAPSHOT(Place.ENTRY, false, Target.of(Names.LIFECYCLE + "JournalCompaction", "onSnapshot")),
    /** Rows are about to be deleted after a snapshot or with their class. */
    IN_TRIM(Place.ENTRY, true, Target.of(Names.STORE + "StoreRows", "trim")),
    /** Pages are about to be moved in order to make the file smaller. */
    IN_COMPACTION(Place.ENTRY, true, Target.of(Names.STORE + "Upkeep", "release")),
    /** A class has received its seal. */
    BEFORE_SEAL(Place.ENTRY, false, Target.of(Names.LIFECYCLE + "DurableClassActor", "onSeal")),
    /** It is durable that a class is being deleted, and its rows still exist. */
    BEFORE_ERASE(Place.ENTRY, false, Target.of(Names.STORE + "Store", "erase")),
    /** The rows of a deleted class are gone, and its removal from the registry is not durable. */
    AFTER_ERASE(Place.ENTRY, false, Target.of(Names.REGISTRY + "Registrar", "onErased")),
    /** An actor begins to recover. */
    BEFORE_RECOVERY(Place.ENTRY, true, Target.of(Names.STORE + "StoreRows", "highestSequenceNumber")),
    /** A class has read its rows and has not reported them. */
    IN_RECOVERY(Place.ENTRY, false, Target.of(Names.LIFECYCLE + "DurableClassActor", "onRecovered"));

    /** Where in its method a failpoint is. */
    enum Place {
        ENTRY,
        EXIT
    }

    private static final Set<Failpoint> AT_START = Set.of(BEFORE_RECOVERY, IN_RECOVERY);

    private final Place place;
    private final boolean canFail;

    @SuppressWarnings("ImmutableEnumChecker") // made of strings
    private final Target target;

    /** A failpoint at which an exception of JDBC can occur, or cannot. */
    Failpoint(Place place, boolean canFail, Target target) {
        this.place = place;
        this.canFail = canFail;
        this.target = target;
    }

    /** Names of packages and methods, apart because the constants above cannot use constants of the enum. */
    private static final class Names {
        static final String INTAKE = "dev.reverie.actors.intake.";
        static final String LIFECYCLE = "dev.reverie.actors.lifecycle.";
        static final String REGISTRY = "dev.reverie.actors.registry.";
        static final String STORE = "dev.reverie.actors.store.";
    }

    Place place() {
        return place;
    }

    /** The method into which the failpoint is woven. */
    Target target() {
        return target;
    }

    /** Whether an error can occur here. */
    public boolean canFail() {
        return canFail;
    }

    /** Whether a service on PostgreSQL never comes here. */
    public boolean isOfFolderOnly() {
        return this == IN_COMPACTION;
    }

    /** Whether a service comes here only, or mostly, while it starts. */
    public boolean isAtStart() {
        return AT_START.contains(this);
    }
}
