package dev.reverie.streams.history;

import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises what nodes ask each other about the history. */
public final class HistoryFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        List<Class<? extends History.Query>> queries = List.of(
                History.Query.Moments.class,
                History.Query.OneMoment.class,
                History.Query.Picture.class,
                History.Query.Curves.class,
                History.Query.ClassCurve.class);
        return List.of(
                layouts.withVariants(History.Query.class, queries).format("read-history", ClusterHistory.Read.class),
                layouts.format("forget-in-history", ClusterHistory.Forget.class),
                layouts.format("history-content", ClusterHistory.Content.class),
                layouts.format("forgotten-in-history", ClusterHistory.Forgotten.class));
    }
}
