package dev.reverie.streams.http;

import dev.reverie.streams.http.BearerTokens.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Decides which requests are allowed, based on their host, origin and token.
 *
 * @param tokens tokens that are valid at present
 */
record AccessControl(Supplier<BearerTokens> tokens, OriginCheck origins) {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]+)");

    /** Limit on the memory that each connection takes for headers, which Pekko keeps until it sends the response. */
    private static final int MAX_HEADER_CHARACTERS = 32 << 10;

    /** Headers that a request can have once only, because it is unclear which of several counts. */
    private static final List<String> SINGLE = List.of("Host", "Authorization", "Last-Event-ID");

    /**
     * Refuses a request whose headers are too large or ambiguous, whose host or origin is not trusted, or whose body is
     * encoded. Applies to every path.
     */
    void requireTrusted(HttpRequest request) {
        if (headerCharacters(request) > MAX_HEADER_CHARACTERS) {
            throw new ProblemException(
                    ProblemType.HEADERS_TOO_LARGE,
                    "the request headers have more than " + MAX_HEADER_CHARACTERS
                            + " characters, a fixed limit: shorten or omit headers",
                    Responses.CLOSE);
        }
        if (hidesHeader(request)) {
            throw new ProblemException(
                    ProblemType.REQUEST_INVALID,
                    "a header has bytes that are not UTF-8: correct or omit the header",
                    Responses.CLOSE);
        }
        Function<String, List<String>> valuesOf = name -> headers(request, name);
        SINGLE.stream()
                .filter(name -> valuesOf.apply(name).size() > 1)
                .findFirst()
                .ifPresent(name -> {
                    throw new ProblemException(
                            ProblemType.REQUEST_INVALID,
                            "the request has the header " + name + " more than once: send it once");
                });
        boolean isLinkTarget = request.method().equals(HttpMethods.GET)
                && request.getUri().path().startsWith(PublicFiles.RUNBOOKS);
        origins.violation(valuesOf, isLinkTarget).ifPresent(violation -> {
            throw foreignSite(violation);
        });
        requireNotEncoded(request);
    }

    private static int headerCharacters(HttpRequest request) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .mapToInt(header -> header.name().length() + header.value().length())
                .sum();
    }

    /**
     * Returns whether a header value contains a line break. If a value ends with an incomplete UTF-8 sequence, Pekko
     * takes the line break and the next header for part of the value; a page of another site can send such a value. A
     * hidden Content-Length makes Pekko read the body as the next request, so the connection must be closed.
     */
    private static boolean hidesHeader(HttpRequest request) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .map(HttpHeader::value)
                .anyMatch(value -> value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0);
    }

    private static ProblemException foreignSite(OriginCheck.Violation violation) {
        return new ProblemException(
                ProblemType.FOREIGN_SITE,
                switch (violation) {
                    case FOREIGN_HOST ->
                        "this service has no tokens, so it only accepts requests to localhost: use localhost or"
                                + " 127.0.0.1 as the host, or set reverie.http.tokens-file";
                    case FOREIGN_PAGE ->
                        "a web page of another site sent this request, which is not allowed: enter the address of the"
                                + " service in the browser, and use the page that the service serves at /";
                });
    }

    private static void requireNotEncoded(HttpRequest request) {
        headers(request, "Content-Encoding").stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase("identity"))
                .findFirst()
                .ifPresent(_ -> {
                    throw new ProblemException(
                            ProblemType.ENCODING_UNSUPPORTED,
                            "encoded bodies are not supported: send the body without Content-Encoding",
                            RawHeader.create("Accept-Encoding", "identity"));
                });
    }

    /** Refuses a request that does not have a role. */
    void requireAuthorized(HttpRequest request, Role role) {
        Set<Role> roles = rolesOf(request);
        if (roles.isEmpty()) {
            throw new ProblemException(
                    ProblemType.UNAUTHORIZED,
                    "the request has no valid token: send one in the header Authorization: Bearer TOKEN",
                    RawHeader.create(
                            "WWW-Authenticate",
                            "Bearer realm=\"reverie\""
                                    + (token(request).isPresent() ? ", error=\"invalid_token\"" : "")));
        }
        if (!roles.contains(role)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "the token does not have the role " + role.name().toLowerCase(Locale.ROOT)
                            + ": use a token that has it");
        }
    }

    /** Returns the roles of the token of a request; all of them if no tokens are configured. */
    Set<Role> rolesOf(HttpRequest request) {
        BearerTokens valid = tokens.get();
        return valid.isEmpty()
                ? EnumSet.allOf(Role.class)
                : token(request).map(valid::rolesOf).orElse(Set.of());
    }

    private static Optional<String> token(HttpRequest request) {
        return request.getHeader("Authorization")
                .map(HttpHeader::value)
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    /** Returns the values of all headers of a request with this name, in any case. */
    static List<String> headers(HttpRequest request, String name) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
                .map(HttpHeader::value)
                .toList();
    }
}
