package dev.reverie.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * Parses the address of a service as people type it, for example {@code http://localhost:8080} or
 * {@code localhost:8080}.
 */
public final class ServiceAddress {

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int MAX_PORT = 65_535;

    private ServiceAddress() {}

    /** Parses an address; the default scheme is HTTP. */
    public static URI parse(String text) {
        try {
            URI address = new URI(text.contains("://") ? text : "http://" + text);
            mistake(address).ifPresent(mistake -> {
                throw refused(text, mistake);
            });
            return address;
        } catch (URISyntaxException e) {
            throw refused(text, e.getReason());
        }
    }

    /** Checks an address and returns it. */
    static URI require(URI address) {
        mistake(address).ifPresent(mistake -> {
            throw refused(address.toString(), mistake);
        });
        return address;
    }

    private static Optional<String> mistake(URI address) {
        if (!SCHEMES.contains(String.valueOf(address.getScheme()))) {
            return Optional.of("it must begin with http:// or https://");
        }
        if (address.getHost() == null) {
            return Optional.of("it names no host");
        }
        if (address.getPort() == 0 || address.getPort() > MAX_PORT) {
            return Optional.of("its port is not between 1 and " + MAX_PORT);
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null || address.getRawUserInfo() != null) {
            return Optional.of("it may have a path, but no user, ? or #");
        }
        return Optional.empty();
    }

    private static IllegalArgumentException refused(String text, String reason) {
        String shown = text.replaceFirst("(?s)^([^:/@]*://)?.*@", "$1..."); // without a password
        return new IllegalArgumentException("'" + shown + "' is not the address of a service (" + reason
                + "); write for example http://localhost:8080");
    }
}
