package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.Sample;
import java.util.List;

/**
 * What came in as one piece, for example a record or a file, and is settled as one piece.
 *
 * @param <T> what the door calls such a piece
 */
public sealed interface SourceItem<T> {

    T origin();

    /** Bytes it has as it came. */
    long sent();

    /**
     * Samples could be made of it.
     *
     * @param samples not empty
     */
    record Sound<T>(T origin, long sent, List<Sample> samples) implements SourceItem<T> {

        public Sound {
            samples = List.copyOf(samples);
        }
    }

    /** Nothing could be made of it. */
    record Broken<T>(T origin, long sent, Refusal refusal) implements SourceItem<T> {}
}
