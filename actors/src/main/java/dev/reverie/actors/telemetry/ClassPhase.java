package dev.reverie.actors.telemetry;

import java.util.Arrays;

/** A phase in the life of a class in a service. */
public enum ClassPhase {
    /** Collects real images and has no synthetic images yet; clients get real images. */
    COLLECTING(1),
    /** Is matched in every inner loop. */
    DISTILLING(2),
    /** Has converged and is visited rarely, until its new real images drift. */
    CONVERGED(3),
    /** Has dropped its real images and accepts no more; this phase is final. */
    SEALED(4);

    private final int code;

    ClassPhase(int code) {
        this.code = code;
    }

    /** The number of this phase in stored data; it never changes. */
    public int code() {
        return code;
    }

    /**
     * The phase with this number.
     *
     * @throws IllegalArgumentException if no phase has this number
     */
    public static ClassPhase of(int code) {
        return Arrays.stream(values())
                .filter(phase -> phase.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown phase number: " + code));
    }
}
