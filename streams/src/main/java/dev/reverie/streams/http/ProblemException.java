package dev.reverie.streams.http;

import dev.reverie.streams.ingest.Refusal;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RetryAfter;

/** A request is answered by a problem instead of what was asked for. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Samples that are known to be in the request; never sent, for those who count. */
    static final AttributeKey<Integer> SAMPLES = AttributeKey.create("samples", Integer.class);

    private final ProblemType problem;
    private final Optional<Duration> retryAfter;
    private final int samples;

    /**
     * A problem.
     *
     * @param detail one sentence for the one who asked: what is wrong, and what to do
     */
    ProblemException(ProblemType problem, String detail) {
        this(problem, detail, Optional.empty(), 1);
    }

    private ProblemException(ProblemType problem, String detail, Optional<Duration> retryAfter, int samples) {
        super(detail, null, false, false); // an answer, not a failure: nobody reads its trace
        this.problem = problem;
        this.retryAfter = retryAfter;
        this.samples = samples;
    }

    /** What is not taken in, told as a problem: both have one set of words. */
    static ProblemException of(Refusal refusal) {
        return new ProblemException(
                ProblemType.of(refusal.reason()).orElseThrow(), refusal.detail(), Optional.empty(), refusal.samples());
    }

    /** A problem that is expected to be over after a while. */
    static ProblemException passing(ProblemType problem, String detail, Duration retryAfter) {
        return new ProblemException(problem, detail, Optional.of(retryAfter), 1);
    }

    HttpResponse answer() {
        HttpResponse answer =
                Responses.problem(problem, String.valueOf(getMessage())).addAttribute(SAMPLES, samples);
        return retryAfter
                .map(after -> answer.addHeader(
                        RetryAfter.create(Math.max(1, after.plusMillis(999).toSeconds()))))
                .orElse(answer);
    }
}
