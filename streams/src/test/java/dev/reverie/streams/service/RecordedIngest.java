package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Records refusals and decoded deliveries.
 *
 * @param reasons reason of each refused or deferred delivery
 * @param decoded source of each decoded delivery
 */
public record RecordedIngest(List<String> reasons, List<IngestSource> decoded) implements IngestListener {

    /** Creates an empty record. */
    public RecordedIngest() {
        this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public void refused(Refused refused) {
        reasons.add(refused.reason());
    }

    @Override
    public void deferred(IngestSource source, String reason) {
        reasons.add(reason);
    }

    @Override
    public DecodeTimer decoding(IngestSource source) {
        return () -> decoded.add(source);
    }
}
