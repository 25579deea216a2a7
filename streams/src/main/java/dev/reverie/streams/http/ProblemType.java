package dev.reverie.streams.http;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Kinds of problems that an answer may tell of (RFC 9457). Their types are stable: clients may rely on them. */
enum ProblemType {
    BODY_EMPTY("body-empty", 400, "There is nothing in the body"),
    IMAGE_INVALID("image-invalid", 400, "A picture cannot be decoded"),
    BATCH_INVALID("batch-invalid", 400, "The NPZ cannot be decoded"),
    JSON_INVALID("json-invalid", 400, "A line is not the JSON it should be"),
    PARAMETER_INVALID("parameter-invalid", 400, "A parameter is missing or cannot be meant"),
    REQUEST_INVALID("request-invalid", 400, "The request is no proper HTTP"),
    UNAUTHORIZED("unauthorized", 401, "A token is needed"),
    FORBIDDEN("forbidden", 403, "The token does not allow this"),
    FOREIGN_SITE("foreign-site", 403, "The request comes from the page of another site"),
    NOT_FOUND("not-found", 404, "There is nothing at this address"),
    UNKNOWN_CLASS("unknown-class", 404, "There is no such class"),
    MEMORY_EMPTY("memory-empty", 404, "The memory is empty"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The address takes other methods"),
    TIMEOUT("timeout", 408, "The request took too long to arrive"),
    CONFLICT("conflict", 409, "An id is known with another content"),
    CLASS_SEALED("class-sealed", 409, "The class takes no more images"),
    QUOTA("quota", 409, "There are as many classes as there may be"),
    TOO_LARGE("too-large", 413, "This is more than is taken at once"),
    URI_TOO_LONG("uri-too-long", 414, "The address is too long"),
    TYPE_UNSUPPORTED("type-unsupported", 415, "The body is of a type not taken here"),
    ENCODING_UNSUPPORTED("encoding-unsupported", 415, "The body is encoded, which is not taken here"),
    LABEL_INVALID("label-invalid", 422, "A label cannot name a class"),
    ID_INVALID("id-invalid", 422, "An id cannot be one"),
    SHAPE_MISMATCH("shape-mismatch", 422, "An image has another shape"),
    OVERLOADED("overloaded", 429, "As much as may be in hand is in hand"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "The headers are too large"),
    INTERNAL("internal", 500, "The service failed"),
    NOT_READY("not-ready", 503, "The service cannot do this now"),
    STORAGE_FULL("storage-full", 507, "The store has no room left");

    private final String slug;
    private final int status;
    private final String title;

    ProblemType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** The problem of which {@link #slug()} is the last part of the type. */
    static Optional<ProblemType> of(String slug) {
        return Stream.of(values()).filter(problem -> problem.slug.equals(slug)).findFirst();
    }

    String slug() {
        return slug;
    }

    String type() {
        return "/problems/" + slug;
    }

    StatusCode status() {
        return StatusCodes.get(status);
    }

    String title() {
        return title;
    }
}
