package dev.reverie.deploy.history.faults;

import java.util.List;
import java.util.Set;

/** A named place in the path of the store or the intake at which a fault can occur. */
public enum Failpoint {
    /** A class has received samples and has written nothing. */
    BEFORE_WRITE(Place.ENTRY, Failure.NONE, Target.of(Names.LIFECYCLE + "DurableClassActor", "onAddSamples")),
    /** A transaction has executed its statements and is not committed. */
    BEFORE_COMMIT(Place.ENTRY, Failure.DATABASE, Names.commits()),
    /** A transaction is committed, and nobody knows it yet. */
    AFTER_COMMIT(Place.EXIT, Failure.DATABASE, Names.commits()),
    /** Half of a write to the file of the store is done. */
    FILE_WRITE(Place.FILE, Failure.FILE, FaultyFile.TARGET),
    /** The file of the store is about to be flushed to the disk. */
    FILE_SYNC(Place.FILE, Failure.FILE, FaultyFile.TARGET),
    /** The file of the store is about to be read. */
    FILE_READ(Place.FILE, Failure.FILE, FaultyFile.TARGET),
    /** A class of a delivery is about to get its samples; other classes may have theirs. */
    IN_DEALING(Place.ENTRY, Failure.NONE, Target.of(Names.INTAKE + "PendingDelivery", "send")),
    /** A delivery is durable and not acknowledged. */
    BEFORE_ACKNOWLEDGEMENT(Place.ENTRY, Failure.NONE, Target.of(Names.INTAKE + "PendingDelivery", "reply")),
    /** A delivery has a class that the registry does not have yet. */
    BEFORE_REGISTRATION(Place.ENTRY, Failure.NONE, Target.of(Names.INTAKE + "ClassSupervisor", "register")),
    /** A class has a new snapshot and still has the rows that it replaces. */
    IN_SNAPSHOT(Place.ENTRY, Failure.NONE, Target.of(Names.LIFECYCLE + "JournalCompaction", "onSnapshot")),
    /** Rows are about to be deleted after a snapshot or with their class. */
    IN_TRIM(Place.ENTRY, Failure.DATABASE, Target.of(Names.STORE + "StoreRows", "delete")),
    /** Data is about to be moved in order to make the file smaller. */
    IN_COMPACTION(
            Place.ENTRY,
            Failure.NONE,
            List.of(
                    Target.of(Names.STORE + "DurableVersion", "withoutFreeing"),
                    Target.of("org.h2.mvstore.RandomAccessStore", "moveChunk"))),
    /** A class has received its seal. */
    BEFORE_SEAL(Place.ENTRY, Failure.NONE, Target.of(Names.LIFECYCLE + "DurableClassActor", "onSeal")),
    /** It is durable that a class is being deleted, and its rows still exist. */
    BEFORE_ERASE(Place.ENTRY, Failure.NONE, Target.of(Names.STORE + "Store", "erase")),
    /** The rows of a deleted class are gone, and its removal from the registry is not durable. */
    AFTER_ERASE(Place.ENTRY, Failure.NONE, Target.of(Names.REGISTRY + "Registrar", "onErased")),
    /** An actor begins to recover. */
    BEFORE_RECOVERY(
            Place.ENTRY,
            Failure.DATABASE,
            Target.of("org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal", "asyncReadHighestSequenceNr")),
    /** A class has read its rows and has not reported them. */
    IN_RECOVERY(Place.ENTRY, Failure.NONE, Target.of(Names.LIFECYCLE + "DurableClassActor", "onRecovered"));

    /** Where in its method a failpoint is. */
    enum Place {
        ENTRY,
        EXIT,
        /** In the file channels that the method returns. */
        FILE
    }

    /** What an error at a failpoint throws. */
    enum Failure {
        /** An error cannot occur here. */
        NONE,
        /** An exception of JDBC. */
        DATABASE,
        /** An exception of a file channel. */
        FILE
    }

    private static final Set<Failpoint> H2_ONLY = Set.of(FILE_WRITE, FILE_SYNC, FILE_READ, IN_COMPACTION);
    private static final Set<Failpoint> AT_START = Set.of(FILE_READ, BEFORE_RECOVERY, IN_RECOVERY);

    private final Place place;
    private final Failure failure;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Target> targets;

    Failpoint(Place place, Failure failure, Target target) {
        this(place, failure, List.of(target));
    }

    Failpoint(Place place, Failure failure, List<Target> targets) {
        this.place = place;
        this.failure = failure;
        this.targets = targets;
    }

    /** Names of packages and methods, apart because the constants above cannot use constants of the enum. */
    private static final class Names {
        static final String INTAKE = "dev.reverie.actors.intake.";
        static final String LIFECYCLE = "dev.reverie.actors.lifecycle.";
        static final String REGISTRY = "dev.reverie.actors.registry.";
        static final String STORE = "dev.reverie.actors.store.";

        static List<Target> commits() {
            return List.of(
                    Target.of("org.h2.jdbc.JdbcConnection", "commit"),
                    Target.of("org.postgresql.jdbc.PgConnection", "commit"));
        }
    }

    Place place() {
        return place;
    }

    Failure failure() {
        return failure;
    }

    /** The methods into which the failpoint is woven. */
    List<Target> targets() {
        return targets;
    }

    /** Whether an error can occur here. */
    public boolean canFail() {
        return failure != Failure.NONE;
    }

    /** Whether a service on PostgreSQL never comes here. */
    public boolean isOfH2Only() {
        return H2_ONLY.contains(this);
    }

    /** Whether a service comes here only, or mostly, while it starts. */
    public boolean isAtStart() {
        return AT_START.contains(this);
    }
}
