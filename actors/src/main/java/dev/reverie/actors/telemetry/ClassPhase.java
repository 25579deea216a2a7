package dev.reverie.actors.telemetry;

import java.util.Arrays;

/** The phase of a class in its life on a stream. */
public enum ClassPhase {
    /** Has too few images to be matched and hands out real ones. */
    COLLECTING(1),
    /** Is matched in every inner loop. */
    DISTILLING(2),
    /** Has been learned and is visited rarely, until its images drift. */
    CONVERGED(3),
    /** Has dropped its real images and accepts no more, for good. */
    SEALED(4);

    private final int code;

    ClassPhase(int code) {
        this.code = code;
    }

    /** The number of this phase in stored bytes; it never changes. */
    public int code() {
        return code;
    }

    /**
     * The phase with this number.
     *
     * @throws IllegalArgumentException if no phase has it
     */
    public static ClassPhase of(int code) {
        return Arrays.stream(values())
                .filter(phase -> phase.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown phase number: " + code));
    }
}
