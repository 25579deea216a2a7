package dev.reverie.actors.lifecycle;

import java.util.Arrays;

/** Stages in the life of a class. */
public enum ClassPhase {
    /** Too few images to be matched; hands out real ones. */
    COLLECTING(1),
    /** Matched in every inner loop. */
    DISTILLING(2),
    /** Learned; visited rarely, until its images drift. */
    CONVERGED(3),
    /** Takes no more real images and has none; for good. */
    SEALED(4);

    private final int code;

    ClassPhase(int code) {
        this.code = code;
    }

    /** In stored bytes; never renumbered. */
    int code() {
        return code;
    }

    static ClassPhase of(int code) {
        return Arrays.stream(values())
                .filter(phase -> phase.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no phase " + code));
    }
}
