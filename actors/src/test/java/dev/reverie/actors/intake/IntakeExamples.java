package dev.reverie.actors.intake;

import dev.reverie.actors.Samples;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.method.Method;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of intakes for small images, in heap memory enough for all of them. */
public final class IntakeExamples {

    private static final long LEARNED_BYTES = 1 << 30;

    private IntakeExamples() {}

    public static IntakeSettings on(Store store) {
        return on(store, store.damage());
    }

    public static IntakeSettings on(Retention retention, StoreDamage damage) {
        return new IntakeSettings(
                _ -> Samples.settings(Method.DREAM),
                Coding.LOSSLESS,
                IntakeLimits.DEFAULT,
                Optional.empty(),
                OptionalInt.empty(),
                retention,
                damage,
                InstantSource.system(),
                0,
                Optional.empty(),
                LEARNED_BYTES);
    }
}
