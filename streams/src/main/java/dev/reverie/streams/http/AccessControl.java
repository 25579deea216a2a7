package dev.reverie.streams.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Decides which requests are allowed, based on their host, origin and token. */
final class AccessControl {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]+)");
    private static final Pattern LOCAL = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?");

    private final Supplier<BearerTokens> tokens;
    private final boolean localOnly;

    /**
     * Creates an access control.
     *
     * @param tokens tokens that are valid at present
     * @param localOnly whether the Host header must name the loopback interface; this requirement prevents DNS
     *     rebinding, which would let a page of another site call the API
     */
    AccessControl(Supplier<BearerTokens> tokens, boolean localOnly) {
        this.tokens = tokens;
        this.localOnly = localOnly;
    }

    /**
     * Returns a refusal if the host or origin of the request is not trusted or its body is encoded. Applies to every
     * path.
     */
    Optional<HttpResponse> rejectUntrusted(HttpRequest request) {
        String host = header(request, "Host").orElse("");
        if (localOnly && !LOCAL.matcher(host).matches()) {
            return Optional.of(Responses.problem(
                    ProblemType.FOREIGN_SITE,
                    "this service has no tokens, so it only accepts requests to localhost: use localhost or"
                            + " 127.0.0.1 as the host, or set reverie.http.tokens-file"));
        }
        Optional<String> origin = header(request, "Origin");
        if (origin.isPresent() && !origin.get().endsWith("://" + host)) {
            return Optional.of(Responses.problem(
                    ProblemType.FOREIGN_SITE,
                    "a web page of another site sent this request, which is not allowed: open the page that the service"
                            + " serves at /"));
        }
        Optional<String> encoding = header(request, "Content-Encoding").filter(name -> !name.equals("identity"));
        return encoding.map(_ -> Responses.problem(
                        ProblemType.ENCODING_UNSUPPORTED,
                        "encoded bodies are not supported: send the body without Content-Encoding")
                .addHeader(RawHeader.create("Accept-Encoding", "identity")));
    }

    /** Returns a refusal if tokens are configured and the request has no token with this role. */
    Optional<HttpResponse> rejectUnauthorized(HttpRequest request, TokenRole role) {
        BearerTokens valid = tokens.get();
        if (valid.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> token = header(request, "Authorization")
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
        Set<TokenRole> roles = token.map(valid::rolesOf).orElse(Set.of());
        if (roles.isEmpty()) {
            return Optional.of(Responses.problem(
                            ProblemType.UNAUTHORIZED,
                            "the request has no valid token: send one in the header Authorization: Bearer TOKEN")
                    .addHeader(RawHeader.create(
                            "WWW-Authenticate",
                            "Bearer realm=\"reverie\"" + (token.isPresent() ? ", error=\"invalid_token\"" : ""))));
        }
        return roles.contains(role)
                ? Optional.empty()
                : Optional.of(Responses.problem(
                        ProblemType.FORBIDDEN,
                        "the token does not have the role " + role.name().toLowerCase(Locale.ROOT)
                                + ": use a token that has it"));
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }
}
