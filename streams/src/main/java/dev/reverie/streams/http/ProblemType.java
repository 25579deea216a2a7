package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reverie.gpu.Labelled;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * The types of problems (RFC 9457) in the responses of the API. The types are stable, so clients may rely on them. The
 * label of each is the last part of its URI.
 */
enum ProblemType implements Labelled {
    BODY_EMPTY(400, "The request body is empty"),
    IMAGE_INVALID(400, "The image cannot be decoded"),
    BATCH_INVALID(400, "The NPZ file cannot be decoded"),
    JSON_INVALID(400, "A line is not a valid JSON sample"),
    PARAMETER_INVALID(400, "A parameter is missing, unknown or invalid"),
    REQUEST_INVALID(400, "The request is not valid HTTP"),
    UNAUTHORIZED(401, "A valid token is required"),
    FORBIDDEN(403, "The token does not have the required role"),
    FOREIGN_SITE(403, "Requests from other sites are not allowed"),
    NOT_FOUND(404, "The resource does not exist"),
    UNKNOWN_CLASS(404, "The class does not exist"),
    UNKNOWN_SAMPLE(404, "The sample does not exist"),
    MEMORY_EMPTY(404, "The memory is empty"),
    METHOD_NOT_ALLOWED(405, "The path does not support this method"),
    TIMEOUT(408, "The request took too long to arrive"),
    CONFLICT(409, "The sample id is already in use"),
    CLASS_SEALED(409, "The class is sealed"),
    LAST_SAMPLE(409, "The sample is the last one of its class"),
    QUOTA(409, "The limit of classes is reached"),
    TOO_LARGE(413, "The request is too large"),
    URI_TOO_LONG(414, "The URI is too long"),
    TYPE_UNSUPPORTED(415, "The content type is not supported"),
    ENCODING_UNSUPPORTED(415, "The content encoding is not supported"),
    LABEL_INVALID(422, "The label is invalid"),
    NAME_INVALID(422, "The display name is invalid"),
    ID_INVALID(422, "The sample id is invalid"),
    SHAPE_MISMATCH(422, "The image has the wrong shape"),
    OVERLOADED(429, "The service is overloaded"),
    HEADERS_TOO_LARGE(431, "The request headers are too large"),
    INTERNAL(500, "The service failed"),
    NOT_READY(503, "The service is not ready"),
    STORE_DAMAGED(503, "The store is damaged"),
    STORAGE_FULL(507, "The store is full");

    private static final int SERVER_ERRORS = 500;

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    static Optional<ProblemType> of(String label) {
        return Stream.of(values())
                .filter(problem -> problem.label().equals(label))
                .findFirst();
    }

    String type() {
        return "/problems/" + label();
    }

    String title() {
        return title;
    }

    StatusCode status() {
        return StatusCodes.get(status);
    }

    /** Whether a delivery with this problem counts as deferred: 429 and every server error. */
    boolean countsAsDeferred() {
        return this == OVERLOADED || status >= SERVER_ERRORS;
    }

    /**
     * The body of a problem response (RFC 9457) or, without a detail, the description of a problem type.
     *
     * @param detail what went wrong and what to do about it
     */
    record Problem(
            String type,
            String title,
            int status,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> detail) {}

    Problem description() {
        return new Problem(type(), title, status, Optional.empty());
    }

    Problem problem(String detail) {
        return problem(status, detail);
    }

    Problem problem(int otherStatus, String detail) {
        return new Problem(type(), title, otherStatus, Optional.of(detail));
    }
}
