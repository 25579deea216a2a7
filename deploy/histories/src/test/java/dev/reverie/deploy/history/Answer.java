package dev.reverie.deploy.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a client knows about the effect of its request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Answer.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = Answer.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Answer.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = Answer.NotFound.class, name = "not-found"),
    @JsonSubTypes.Type(value = Answer.Classes.class, name = "classes"),
    @JsonSubTypes.Type(value = Answer.Status.class, name = "status"),
    @JsonSubTypes.Type(value = Answer.Memory.class, name = "memory"),
    @JsonSubTypes.Type(value = Answer.NotStored.class, name = "not-stored"),
    @JsonSubTypes.Type(value = Answer.Unknown.class, name = "unknown"),
    @JsonSubTypes.Type(value = Answer.Unexpected.class, name = "unexpected")
})
public sealed interface Answer {

    /**
     * The samples of a delivery are durable, but for those that were refused because their class is sealed.
     *
     * @param accepted number of samples that were new
     * @param duplicates number of samples that were known
     */
    record Accepted(int accepted, int duplicates, List<SampleKey> refused) implements Answer {
        public Accepted {
            refused = List.copyOf(refused);
        }

        /** An answer that refuses no sample. */
        public Accepted(int accepted, int duplicates) {
            this(accepted, duplicates, List.of());
        }

        /** Number of samples that the answer speaks of. */
        public int total() {
            return accepted + duplicates + refused.size();
        }
    }

    /** A seal or a DELETE is durable. */
    record Done() implements Answer {}

    /** A DELETE is durable, and it or another one that was under way at the same time found the class, or none did. */
    record Gone() implements Answer {}

    /** A seal or a DELETE found no class of that name, and changed nothing. */
    record NotFound() implements Answer {}

    /**
     * A delivery was deferred and nothing of it was or will be stored, or a seal or a DELETE was refused and has no
     * effect.
     *
     * @param reason the answer as received
     */
    record NotStored(String reason) implements Answer {}

    /** The classes by label. */
    record Classes(Map<String, ClassView> classes) implements Answer {
        public Classes {
            classes = Map.copyOf(classes);
        }
    }

    /**
     * One class as shown.
     *
     * @param seen number of samples
     */
    record ClassView(long seen, boolean sealed) {}

    /** The totals of the service. */
    record Status(long samples, int classes) implements Answer {}

    /** The labels of the classes in the memory. */
    record Memory(Set<String> labels) implements Answer {
        public Memory {
            labels = Set.copyOf(labels);
        }
    }

    /**
     * No answer, or one after which the request may have taken effect, may still take effect, or may not.
     *
     * @param reason what happened instead of an answer
     */
    record Unknown(String reason) implements Answer {}

    /**
     * An answer that no event explains, for example a refusal of a valid delivery.
     *
     * @param detail the answer as received
     */
    record Unexpected(String detail) implements Answer {}
}
