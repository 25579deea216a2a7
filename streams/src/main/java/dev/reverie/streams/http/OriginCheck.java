package dev.reverie.streams.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses requests that a browser sends on behalf of a page of another origin. Applies to every method, because a page
 * can also measure or embed what it must not read.
 *
 * @param localOnly whether the Host header, which every browser sends, must name the loopback interface; this
 *     requirement prevents DNS rebinding, which would let a page of another site call the service
 * @param scheme the scheme of the origins of the service's own pages; empty if a proxy decides between HTTP and HTTPS
 */
public record OriginCheck(boolean localOnly, Optional<String> scheme) {

    private static final Pattern LOCAL = Pattern.compile("(?i:localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?");

    /** Values of Sec-Fetch-Site for pages of another origin; the others are {@code same-origin} and {@code none}. */
    private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Returns a check for a server that is only reached over HTTP from the same machine. */
    public static OriginCheck local() {
        return new OriginCheck(true, Optional.of("http"));
    }

    public enum Violation {
        /** The Host header does not name the loopback interface. */
        FOREIGN_HOST,

        /** A page of another origin sent the request. */
        FOREIGN_PAGE
    }

    /**
     * Returns the reason to refuse a request, if any.
     *
     * @param headers returns all values of the header with the given name
     * @param isLinkTarget whether pages of other sites may link to the path of the request: a user can follow such a
     *     link, but a page can neither read nor embed what is there
     */
    public Optional<Violation> violation(Function<String, List<String>> headers, boolean isLinkTarget) {
        List<String> hosts = headers.apply("Host");
        String host = hosts.size() == 1 ? hosts.getFirst() : ""; // several are ambiguous
        if (localOnly && !hosts.isEmpty() && !LOCAL.matcher(host).matches()) {
            return Optional.of(Violation.FOREIGN_HOST);
        }
        boolean foreign = headers.apply("Origin").stream().anyMatch(origin -> !isOwn(origin, host))
                || headers.apply("Sec-Fetch-Site").stream().anyMatch(OTHER_SITES::contains);
        return foreign && !(isLinkTarget && isFollowedLink(headers))
                ? Optional.of(Violation.FOREIGN_PAGE)
                : Optional.empty();
    }

    private static boolean isFollowedLink(Function<String, List<String>> headers) {
        return headers.apply("Origin").isEmpty()
                && headers.apply("Sec-Fetch-Mode").equals(List.of("navigate"))
                && headers.apply("Sec-Fetch-Dest").equals(List.of("document"));
    }

    private boolean isOwn(String origin, String host) {
        return Address.of(origin)
                .filter(page -> scheme.isEmpty() || scheme.get().equals(page.scheme()))
                .filter(page -> Address.of(page.scheme() + "://" + host).equals(Optional.of(page)))
                .isPresent();
    }

    /** An origin: a scheme, a host in lower case, and a port. */
    private record Address(String scheme, String host, int port) {

        /**
         * A name can contain an underscore, which {@link java.net.URI} does not accept, although browsers and Docker
         * do.
         */
        private static final Pattern ORIGIN =
                Pattern.compile("(https?)://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");

        static Optional<Address> of(String origin) {
            Matcher parts = ORIGIN.matcher(origin);
            if (!parts.matches()) {
                return Optional.empty();
            }
            int port = Optional.ofNullable(parts.group(3))
                    .map(Integer::valueOf)
                    .orElse(parts.group(1).equals("https") ? HTTPS_PORT : HTTP_PORT);
            return Optional.of(new Address(parts.group(1), parts.group(2).toLowerCase(Locale.ROOT), port));
        }
    }
}
