package dev.reverie.streams.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ParserSettings;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Responds with a problem to requests that Pekko cannot parse. Pekko instantiates this class by name. */
public final class MalformedRequests extends ParsingErrorHandler {

    /** Maximum number of headers of a request. */
    static final int MAX_HEADERS = 64;

    /** The status that Pekko gives to a body of a method that has none. */
    private static final int BODY_NOT_ALLOWED = 422;

    private static final int BAD_REQUEST = 400;

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
        int code = status.intValue() == BODY_NOT_ALLOWED ? BAD_REQUEST : status.intValue();
        return Responses.secured(Responses.problem(
                problem,
                StatusCodes.get(code),
                problem.problem(code, detail(problem, info, settings.getParserSettings()))));
    }

    private static String detail(ProblemType problem, ErrorInfo info, ParserSettings limits) {
        return switch (problem) {
            case TIMEOUT -> "the request did not arrive in time: send it again";
            case TOO_LARGE ->
                "the body is larger than " + limits.getMaxContentLength()
                        + " bytes: send fewer or smaller images per request";
            case URI_TOO_LONG ->
                "the URI is longer than " + limits.getMaxUriLength()
                        + " characters, a fixed limit: shorten its query parameters";
            case HEADERS_TOO_LARGE ->
                "a request header has a name of more than " + limits.getMaxHeaderNameLength()
                        + " or a value of more than " + limits.getMaxHeaderValueLength()
                        + " characters, which are fixed limits: shorten or omit the header";
            default ->
                info.summary().endsWith("limit of " + limits.getMaxHeaderCount() + " headers")
                        ? "the request has more than " + MAX_HEADERS + " headers, a fixed limit: send fewer headers"
                        : detail(info);
        };
    }

    /** Describes a request that cannot be parsed. */
    static String detail(ErrorInfo info) {
        return "the request is malformed (" + info.summary() + "): correct the request";
    }
}
