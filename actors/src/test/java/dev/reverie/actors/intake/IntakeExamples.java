package dev.reverie.actors.intake;

import dev.reverie.actors.Samples;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.Method;
import java.time.InstantSource;
import java.util.Optional;

/** Settings of intakes for small images, in heap memory enough for all of them. */
public final class IntakeExamples {

    private static final long LEARNED_BYTES = 1 << 30;

    private IntakeExamples() {}

    public static IntakeSettings on(Store store) {
        return on(store, IntakeLimits.DEFAULT, Optional.empty());
    }

    static IntakeSettings on(Store store, IntakeLimits limits, Optional<TargetSize> size) {
        return settings(store, store.damage(), limits, size);
    }

    public static IntakeSettings on(Retention retention, StoreDamage damage) {
        return settings(retention, damage, IntakeLimits.DEFAULT, Optional.empty());
    }

    private static IntakeSettings settings(
            Retention retention, StoreDamage damage, IntakeLimits limits, Optional<TargetSize> size) {
        return new IntakeSettings(
                _ -> Samples.settings(Method.DREAM),
                limits,
                size,
                retention,
                damage,
                InstantSource.system(),
                0,
                Optional.empty(),
                LEARNED_BYTES);
    }
}
