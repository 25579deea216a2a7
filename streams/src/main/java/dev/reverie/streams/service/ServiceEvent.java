package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;

/**
 * Something worth telling those who watch.
 *
 * @param number grows by one from event to event, also across restarts of the process
 * @param at when it happened
 * @param fields ready to be written as JSON: texts, numbers and truth values
 */
public record ServiceEvent(
        @JsonIgnore long number, @JsonIgnore Kind kind, Instant at, @JsonAnyGetter Map<String, Object> fields) {

    public ServiceEvent {
        fields = Map.copyOf(fields);
    }

    /** What an event is about; its name in lower case is the event's name on the wire. */
    public enum Kind {
        /** A class appeared, changed its phase or was forgotten. */
        CLASS,
        /** An inner loop ended. */
        PROGRESS,
        /** A class got new representatives. */
        CLUSTER,
        /** The memory changed. */
        MEMORY,
        /** The memory was tested on images that came later. */
        EVALUATION,
        WARNING
    }
}
