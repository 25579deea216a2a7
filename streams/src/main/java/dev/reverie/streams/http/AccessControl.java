package dev.reverie.streams.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Decides who may ask for what. */
final class AccessControl {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]+)");
    private static final Pattern LOCAL = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?");

    private final BearerTokens tokens;
    private final boolean localOnly;

    /**
     * A guard.
     *
     * @param localOnly whether a request has to be addressed to this machine by a name of its own. Else the page of a
     *     site whose name its owner points to this machine could ask for everything.
     */
    AccessControl(BearerTokens tokens, boolean localOnly) {
        this.tokens = tokens;
        this.localOnly = localOnly;
    }

    /** What stands against a request, whatever it asks for. */
    Optional<HttpResponse> atTheDoor(HttpRequest request) {
        String host = header(request, "Host").orElse("");
        if (localOnly && !LOCAL.matcher(host).matches()) {
            return Optional.of(Responses.problem(
                    ProblemType.FOREIGN_SITE,
                    "this service listens to its own machine alone: address it as localhost, or configure tokens"));
        }
        Optional<String> origin = header(request, "Origin");
        if (origin.isPresent() && !origin.get().endsWith("://" + host)) {
            return Optional.of(Responses.problem(
                    ProblemType.FOREIGN_SITE, "a page may only ask the service that it comes from: open its own page"));
        }
        Optional<String> encoding = header(request, "Content-Encoding").filter(name -> !name.equals("identity"));
        return encoding.map(_ -> Responses.problem(
                        ProblemType.ENCODING_UNSUPPORTED,
                        "encoded bodies are not taken: send it without Content-Encoding")
                .addHeader(RawHeader.create("Accept-Encoding", "identity")));
    }

    /** What stands against a request that asks for something of a role. */
    Optional<HttpResponse> refusal(HttpRequest request, TokenRole role) {
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> token = header(request, "Authorization")
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
        Set<TokenRole> roles = token.map(tokens::rolesOf).orElse(Set.of());
        if (roles.isEmpty()) {
            return Optional.of(Responses.problem(
                            ProblemType.UNAUTHORIZED,
                            "this needs a token that is known here: send Authorization: Bearer TOKEN")
                    .addHeader(RawHeader.create(
                            "WWW-Authenticate",
                            "Bearer realm=\"reverie\"" + (token.isPresent() ? ", error=\"invalid_token\"" : ""))));
        }
        return roles.contains(role)
                ? Optional.empty()
                : Optional.of(Responses.problem(
                        ProblemType.FORBIDDEN,
                        "this needs a token of the role " + role.name().toLowerCase(Locale.ROOT)));
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }
}
