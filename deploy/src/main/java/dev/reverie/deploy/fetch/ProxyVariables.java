package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The environment variables that name proxies: {@code http_proxy} and {@code https_proxy} for addresses with these
 * schemes, and {@code no_proxy} for hosts that are reached without one. Their names may also be in capitals.
 */
final class ProxyVariables {

    private static final List<String> SCHEMES = List.of("http", "https");
    private static final int DEFAULT_PORT = 80;
    private static final String ALL = "*";

    private final Map<String, String> environment;

    ProxyVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Returns the proxies that the variables name, for the requests to an address and their redirections. An address
     * for which they name none is reached as the properties of the JVM determine, by default directly.
     *
     * @throws IOException if the variable for the address does not name a supported proxy; the message does not contain
     *     its value, in which there may be a password
     */
    ProxySelector selector(URI address) throws IOException {
        List<String> direct = value("no_proxy").map(ProxyVariables::domains).orElse(List.of());
        Map<String, Proxy> proxies = new HashMap<>();
        for (String scheme : SCHEMES) {
            try {
                proxy(scheme + "_proxy").ifPresent(proxy -> proxies.put(scheme, proxy));
            } catch (IOException unsupported) {
                if (scheme.equals(address.getScheme()) && !isDirect(address, direct)) {
                    throw unsupported;
                }
            }
        }
        return new Selector(proxies, direct);
    }

    private Optional<Proxy> proxy(String variable) throws IOException {
        Optional<String> value = value(variable);
        return value.isPresent()
                ? Optional.of(new Proxy(Proxy.Type.HTTP, address(variable, value.get())))
                : Optional.empty();
    }

    private Optional<String> value(String variable) {
        return Stream.of(variable, variable.toUpperCase(Locale.ROOT))
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static InetSocketAddress address(String variable, String value) throws IOException {
        URI proxy = parsed(value).orElseThrow(() -> malformed(variable));
        if (Optional.ofNullable(proxy.getRawUserInfo()).isPresent()) {
            throw new IOException(variable + " contains a user name, but fetch cannot log in to a proxy: name a proxy"
                    + " without a login");
        }
        Optional<String> host = Optional.ofNullable(proxy.getHost());
        if (!"http".equals(proxy.getScheme()) || host.isEmpty()) {
            throw malformed(variable);
        }
        return InetSocketAddress.createUnresolved(host.get(), proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort());
    }

    private static Optional<URI> parsed(String value) {
        try {
            return Optional.of(new URI(value.contains("://") ? value : "http://" + value));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static IOException malformed(String variable) {
        return new IOException(variable + " does not name an HTTP proxy: write http://HOST:PORT");
    }

    /** Splits {@code no_proxy}; a dot, or an asterisk and a dot, before a domain has no meaning of its own. */
    private static List<String> domains(String value) {
        return Stream.of(value.split(","))
                .map(domain -> domain.strip().toLowerCase(Locale.ROOT))
                .map(domain -> domain.equals(ALL) ? domain : domain.replaceFirst("^\\*?\\.", ""))
                .filter(domain -> !domain.isEmpty())
                .toList();
    }

    private static boolean isDirect(URI address, List<String> direct) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        return direct.stream()
                .anyMatch(domain -> domain.equals(ALL) || host.equals(domain) || host.endsWith("." + domain));
    }

    /** Chooses a proxy by the scheme and the host of an address. */
    private static final class Selector extends ProxySelector {

        private final Map<String, Proxy> proxies;
        private final List<String> direct;

        Selector(Map<String, Proxy> proxies, List<String> direct) {
            this.proxies = Map.copyOf(proxies);
            this.direct = direct;
        }

        @Override
        public List<Proxy> select(URI address) {
            if (isDirect(address, direct)) {
                return List.of(Proxy.NO_PROXY);
            }
            return Optional.ofNullable(proxies.get(address.getScheme()))
                    .map(proxy -> List.of(proxy))
                    .orElseGet(() -> ofJvm(address));
        }

        private static List<Proxy> ofJvm(URI address) {
            return Optional.ofNullable(ProxySelector.getDefault())
                    .map(usual -> usual.select(address))
                    .orElse(List.of(Proxy.NO_PROXY));
        }

        @Override
        public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
            // the client reports the failure
        }
    }
}
