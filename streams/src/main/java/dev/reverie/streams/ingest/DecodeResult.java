package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.Sample;
import java.util.List;

/**
 * One item of an ingest source, for example a record or a file: accepted or refused as a whole.
 *
 * @param <T> the source's own type of an item
 */
public sealed interface DecodeResult<T> {

    /** Returns the item in the source's own type. */
    T origin();

    /** Returns the size of the item as sent, in bytes. */
    long sent();

    /**
     * An item that was decoded.
     *
     * @param samples not empty
     */
    record Decoded<T>(T origin, long sent, List<Sample> samples) implements DecodeResult<T> {

        public Decoded {
            samples = List.copyOf(samples);
        }
    }

    /** An item that could not be decoded. */
    record Undecodable<T>(T origin, long sent, Refusal refusal) implements DecodeResult<T> {}
}
