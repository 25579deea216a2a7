package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** The types of problems (RFC 9457) in the responses of the API. The types are stable, so clients may rely on them. */
enum ProblemType {
    BODY_EMPTY("body-empty", 400, "The request body is empty"),
    IMAGE_INVALID("image-invalid", 400, "The image cannot be decoded"),
    BATCH_INVALID("batch-invalid", 400, "The NPZ file cannot be decoded"),
    JSON_INVALID("json-invalid", 400, "A line is not a valid JSON sample"),
    PARAMETER_INVALID("parameter-invalid", 400, "A parameter is missing, unknown or invalid"),
    REQUEST_INVALID("request-invalid", 400, "The request is not valid HTTP"),
    UNAUTHORIZED("unauthorized", 401, "A valid token is required"),
    FORBIDDEN("forbidden", 403, "The token does not have the required role"),
    FOREIGN_SITE("foreign-site", 403, "Requests from other sites are not allowed"),
    NOT_FOUND("not-found", 404, "The resource does not exist"),
    UNKNOWN_CLASS("unknown-class", 404, "The class does not exist"),
    MEMORY_EMPTY("memory-empty", 404, "The memory is empty"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The path does not support this method"),
    TIMEOUT("timeout", 408, "The request took too long to arrive"),
    CONFLICT("conflict", 409, "The sample id is already in use"),
    CLASS_SEALED("class-sealed", 409, "The class is sealed"),
    QUOTA("quota", 409, "The limit of classes is reached"),
    TOO_LARGE("too-large", 413, "The request is too large"),
    URI_TOO_LONG("uri-too-long", 414, "The URI is too long"),
    TYPE_UNSUPPORTED("type-unsupported", 415, "The content type is not supported"),
    ENCODING_UNSUPPORTED("encoding-unsupported", 415, "The content encoding is not supported"),
    LABEL_INVALID("label-invalid", 422, "The label is invalid"),
    ID_INVALID("id-invalid", 422, "The sample id is invalid"),
    SHAPE_MISMATCH("shape-mismatch", 422, "The image has the wrong shape"),
    OVERLOADED("overloaded", 429, "The service is overloaded"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "The request headers are too large"),
    INTERNAL("internal", 500, "The service failed"),
    NOT_READY("not-ready", 503, "The service is not ready"),
    STORE_DAMAGED("store-damaged", 503, "The store is damaged"),
    STORAGE_FULL("storage-full", 507, "The store is full");

    private static final int SERVER_ERRORS = 500;

    private final String slug;
    private final int status;
    private final String title;

    ProblemType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** Returns the type with this slug, if any. */
    static Optional<ProblemType> of(String slug) {
        return Stream.of(values()).filter(problem -> problem.slug.equals(slug)).findFirst();
    }

    /** Returns the last part of the type's URI. */
    String slug() {
        return slug;
    }

    String type() {
        return "/problems/" + slug;
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

    /** Describes this type. */
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
