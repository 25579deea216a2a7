package dev.reverie.deploy.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A request that a client sent to a service. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Deliver.class, name = "deliver"),
    @JsonSubTypes.Type(value = Request.Seal.class, name = "seal"),
    @JsonSubTypes.Type(value = Request.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Request.ReadClasses.class, name = "read-classes"),
    @JsonSubTypes.Type(value = Request.ReadStatus.class, name = "read-status"),
    @JsonSubTypes.Type(value = Request.ReadMemory.class, name = "read-memory")
})
public sealed interface Request {

    /** {@code POST /v1/samples} with samples of one or several classes, no sample twice. */
    record Deliver(List<SampleKey> samples) implements Request {
        public Deliver {
            samples = List.copyOf(samples);
        }
    }

    /** {@code POST /v1/classes/{label}/seal}. */
    record Seal(String label) implements Request {}

    /** {@code DELETE /v1/classes/{label}}. */
    record Delete(String label) implements Request {}

    /** {@code GET /v1/classes}. */
    record ReadClasses() implements Request {}

    /** {@code GET /v1/status}. */
    record ReadStatus() implements Request {}

    /** {@code GET /v1/memory}. */
    record ReadMemory() implements Request {}
}
