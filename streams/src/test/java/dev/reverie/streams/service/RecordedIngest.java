package dev.reverie.streams.service;

import dev.reverie.actors.intake.IngestSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notes what it is told.
 *
 * @param reasons of refusals and of putting off
 * @param decoded the door, each time something was decoded there
 */
public record RecordedIngest(List<String> reasons, List<IngestSource> decoded) implements IngestListener {

    /** Nothing noted yet. */
    public RecordedIngest() {
        this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public void refused(IngestSource source, String reason, int samples) {
        reasons.add(reason);
    }

    @Override
    public DecodeTimer decoding(IngestSource source) {
        return () -> decoded.add(source);
    }
}
