package dev.reverie.streams.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Responds with a problem to requests that Pekko cannot parse. Pekko instantiates this class by its name. */
public final class MalformedRequests extends ParsingErrorHandler {

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        ProblemType problem =
                switch (status.intValue()) {
                    case 408 -> ProblemType.TIMEOUT;
                    case 413 -> ProblemType.TOO_LARGE;
                    case 414 -> ProblemType.URI_TOO_LONG;
                    case 431 -> ProblemType.HEADERS_TOO_LARGE;
                    default -> ProblemType.REQUEST_INVALID;
                };
        return Responses.problem(
                problem, status, Problem.of(problem, status.intValue(), "the request is malformed: " + info.summary()));
    }
}
