package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;

/** Whether and when a class is to be sealed. A sealed class stays sealed. */
public enum SealChange {
    NOW,
    /** At once if the class has converged, and otherwise as soon as it does, even after a restart. */
    WHEN_CONVERGED,
    /** Cancels an earlier {@link #WHEN_CONVERGED}. */
    CANCEL;

    /** Whether the change has taken effect on a class; it has not if the store cannot be used. */
    public boolean isDoneTo(ClassInfo info) {
        boolean sealed = info.phase() == ClassPhase.SEALED;
        return switch (this) {
            case NOW -> sealed;
            case WHEN_CONVERGED -> sealed || info.sealRequested();
            case CANCEL -> !info.sealRequested();
        };
    }
}
