package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.Sample;
import java.util.List;

/**
 * The result of decoding one item of an ingest source, for example a Kafka record or a file. An item is accepted or
 * refused as a whole.
 *
 * @param <T> type type of the ingest source's items
 */
public sealed interface DecodeResult<T> {

    /** Returns the item of the ingest source. */
    T origin();

    /** Returns the size of the item as sent, in bytes. */
    long sent();

    record Decoded<T>(T origin, long sent, List<Sample> samples) implements DecodeResult<T> {

        public Decoded {
            samples = List.copyOf(samples);
        }
    }

    record Undecodable<T>(T origin, long sent, Refusal refusal) implements DecodeResult<T> {}
}
