package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Optional;

/**
 * The body of a problem response (RFC 9457) or, without a detail, the description of a problem type.
 *
 * @param detail what went wrong and what to do about it
 */
record Problem(
        String type,
        String title,
        int status,
        @JsonInclude(Include.NON_ABSENT) Optional<String> detail) {

    static Problem describing(ProblemType type) {
        return new Problem(type.type(), type.title(), type.status().intValue(), Optional.empty());
    }

    static Problem of(ProblemType type, String detail) {
        return of(type, type.status().intValue(), detail);
    }

    static Problem of(ProblemType type, int status, String detail) {
        return new Problem(type.type(), type.title(), status, Optional.of(detail));
    }
}
