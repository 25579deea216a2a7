package dev.reverie.streams.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Answers what never becomes a request: named in the server's settings, made by Pekko. */
public final class ParsingProblems extends ParsingErrorHandler {

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        Problem problem =
                switch (status.intValue()) {
                    case 408 -> Problem.TIMEOUT;
                    case 413 -> Problem.TOO_LARGE;
                    case 414 -> Problem.URI_TOO_LONG;
                    case 431 -> Problem.HEADERS_TOO_LARGE;
                    default -> Problem.REQUEST_INVALID;
                };
        ObjectNode body = Answers.body(problem, "the request cannot be understood: " + info.summary())
                .put("status", status.intValue());
        return Answers.problem(status, body);
    }
}
