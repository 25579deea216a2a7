package dev.reverie.streams.http;

import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.ingest.Refusal;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RetryAfter;

/** Thrown to answer a request with a problem. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How long a client waits before it repeats a request after a temporary problem, unless another time is known. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** The refusal that a response tells of; it counts, and is never sent. */
    static final AttributeKey<Refusal> REFUSAL = AttributeKey.create("refusal", Refusal.class);

    private final ProblemType problem;
    private final List<HttpHeader> headers;
    private final int samples;

    /**
     * Creates a problem.
     *
     * @param detail one sentence that tells the client what is wrong and what to do about it
     */
    ProblemException(ProblemType problem, String detail, HttpHeader... headers) {
        this(problem, detail, 1, headers);
    }

    private ProblemException(ProblemType problem, String detail, int samples, HttpHeader... headers) {
        super(detail, null, false, false); // it becomes a response, so it needs no stack trace
        this.problem = problem;
        this.headers = List.of(headers);
        this.samples = samples;
    }

    /** Creates the problem for a refused delivery. The reason of the refusal is the last part of the problem type. */
    static ProblemException of(Refusal refusal) {
        return new ProblemException(
                ProblemType.of(refusal.reason()).orElseThrow(), refusal.detail(), refusal.samples());
    }

    /** Creates a temporary problem, whose response asks the client to wait for one second in a Retry-After header. */
    static ProblemException temporary(ProblemType problem, String detail) {
        return temporary(problem, detail, RETRY_AFTER);
    }

    /** Creates a temporary problem. Its response has a Retry-After header. */
    static ProblemException temporary(ProblemType problem, String detail, Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        return new ProblemException(problem, detail, RetryAfter.create(seconds));
    }

    static ProblemException unknownClass(String label) {
        return new ProblemException(
                ProblemType.UNKNOWN_CLASS,
                "the class " + SafeExcerpt.quoted(label) + " does not exist: check the label in /v1/classes");
    }

    HttpResponse toResponse() {
        String detail = String.valueOf(getMessage());
        return Responses.problem(problem, detail)
                .addHeaders(headers)
                .addAttribute(REFUSAL, new Refusal(problem.label(), detail, samples));
    }
}
