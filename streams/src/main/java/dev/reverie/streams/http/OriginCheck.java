package dev.reverie.streams.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Refuses requests that a browser sends on behalf of a page of another origin. Applies to every method, because a page
 * can also measure or embed what it must not read.
 *
 * @param localOnly whether the Host header must name the loopback interface; this requirement prevents DNS rebinding,
 *     which would let a page of another site call the service
 * @param scheme the scheme of the origins of the service's own pages; empty if a proxy decides between HTTP and HTTPS
 */
public record OriginCheck(boolean localOnly, Optional<String> scheme) {

    private static final Pattern LOCAL = Pattern.compile("(?i:localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** Values of Sec-Fetch-Site for pages of another origin; the others are {@code same-origin} and {@code none}. */
    private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Returns a check for a server that is only reached over HTTP from the same machine. */
    public static OriginCheck local() {
        return new OriginCheck(true, Optional.of("http"));
    }

    /** A reason to refuse a request. */
    public enum Violation {
        /** The Host header does not name the loopback interface. */
        FOREIGN_HOST,

        /** A page of another origin sent the request. */
        FOREIGN_PAGE
    }

    /**
     * Returns the reason to refuse a request with these headers, if any.
     *
     * @param headers returns all values of the header with the given name
     */
    public Optional<Violation> violation(Function<String, List<String>> headers) {
        List<String> hosts = headers.apply("Host");
        String host = hosts.size() == 1 ? hosts.getFirst() : ""; // several are ambiguous
        if (localOnly && !LOCAL.matcher(host).matches()) {
            return Optional.of(Violation.FOREIGN_HOST);
        }
        boolean foreign = headers.apply("Origin").stream().anyMatch(origin -> !isOwn(origin, host))
                || headers.apply("Sec-Fetch-Site").stream().anyMatch(OTHER_SITES::contains);
        return foreign ? Optional.of(Violation.FOREIGN_PAGE) : Optional.empty();
    }

    private boolean isOwn(String origin, String host) {
        return parsed(origin)
                .flatMap(page -> parsed(page.getScheme() + "://" + host)
                        .filter(own -> page.getHost().equalsIgnoreCase(own.getHost()) && port(page) == port(own)))
                .isPresent();
    }

    /** Parses an origin: a scheme, a host and optionally a port, with nothing after them. */
    private Optional<URI> parsed(String origin) {
        try {
            URI uri = new URI(origin).parseServerAuthority();
            boolean hasOnlyOrigin = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return Optional.of(uri)
                    .filter(_ -> hasOnlyOrigin && SCHEMES.contains(uri.getScheme()))
                    .filter(_ -> scheme.isEmpty() || scheme.get().equals(uri.getScheme()));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static int port(URI origin) {
        if (origin.getPort() >= 0) {
            return origin.getPort();
        }
        return origin.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
    }
}
