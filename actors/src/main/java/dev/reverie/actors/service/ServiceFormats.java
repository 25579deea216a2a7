package dev.reverie.actors.service;

import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises {@link StoredProgress} for the store. */
public final class ServiceFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        return List.of(layouts.format("distillation-progress", StoredProgress.class));
    }
}
