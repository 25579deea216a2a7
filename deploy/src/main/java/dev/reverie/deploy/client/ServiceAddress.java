package dev.reverie.deploy.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Reads the address of a service as people type it: {@code http://localhost:8080}, or without {@code http://}. */
public final class ServiceAddress {

    private static final Set<String> SCHEMES = Set.of("http", "https");

    private ServiceAddress() {}

    /**
     * Reads an address; one without a scheme is for HTTP.
     *
     * @throws IllegalArgumentException if no service can have this address
     */
    public static URI parse(String text) {
        URI address;
        try {
            address = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw refused(text, e.getReason());
        }
        return require(address);
    }

    /**
     * Returns the address itself.
     *
     * @throws IllegalArgumentException if no service can have it
     */
    static URI require(URI address) {
        if (!SCHEMES.contains(String.valueOf(address.getScheme()))) {
            throw refused(address.toString(), "it must begin with http:// or https://");
        }
        if (address.getHost() == null) {
            throw refused(address.toString(), "it names no host");
        }
        if (address.getPort() > 65_535 || address.getPort() == 0) {
            throw refused(address.toString(), "its port is not between 1 and 65535");
        }
        return address;
    }

    private static IllegalArgumentException refused(String text, String reason) {
        return new IllegalArgumentException("'" + text + "' is not the address of a service (" + reason
                + "); write for example http://localhost:8080");
    }
}
