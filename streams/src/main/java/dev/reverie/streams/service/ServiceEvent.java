package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;

/**
 * An event of the service, for clients that watch it.
 *
 * @param number grows by one from event to event, also across restarts of the process
 * @param at when it happened
 * @param fields values of JSON: strings, numbers and booleans
 */
public record ServiceEvent(
        @JsonIgnore long number,
        @JsonIgnore Kind kind,
        Instant at,
        @JsonAnyGetter Map<String, Object> fields) {

    public ServiceEvent {
        fields = Map.copyOf(fields);
    }

    /** The kinds of events; in lower case, they are the event names of the API. */
    public enum Kind {
        /** A class appeared, changed its phase or was forgotten. */
        CLASS,
        /** An inner loop ended. */
        PROGRESS,
        /** A class got new representatives. */
        CLUSTER,
        /** The memory changed. */
        MEMORY,
        /** The memory was evaluated on images that arrived later. */
        EVALUATION,
        WARNING
    }
}
