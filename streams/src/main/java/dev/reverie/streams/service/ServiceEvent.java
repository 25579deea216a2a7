package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An event of the service, for clients that watch it.
 *
 * @param number number of the event: larger than that of every earlier event, even after a restart, with gaps
 * @param fields names and values of the event's JSON fields; the values are strings, numbers or booleans
 */
public record ServiceEvent(
        @JsonIgnore long number,
        @JsonIgnore Kind kind,
        Instant at,
        @JsonAnyGetter Map<String, Object> fields) {

    public ServiceEvent {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields)); // keeps the order of the fields in JSON
        fields.values().forEach(Objects::requireNonNull);
    }

    /** The kinds of events. In lower case, their names are the event names of the API. */
    public enum Kind {
        /** A class appeared, changed its phase or was forgotten. */
        CLASS,
        /** An inner loop ended. */
        PROGRESS,
        /** A class got new representatives. */
        CLUSTER,
        /** The memory changed. */
        MEMORY,
        /** A copy of the memory was evaluated on images that arrived after the copy was made. */
        EVALUATION,
        /** Something went wrong that the service copes with, or that an operator should mend. */
        WARNING
    }
}
