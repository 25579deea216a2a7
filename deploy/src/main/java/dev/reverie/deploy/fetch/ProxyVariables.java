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

    private final Map<String, String> environment;

    ProxyVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Returns the proxies that the variables name. An address for which they name none is reached as the properties of
     * the JVM determine, by default directly.
     *
     * @throws IOException if a variable does not name a supported proxy; the message does not contain its value, in
     *     which there may be a password
     */
    ProxySelector selector() throws IOException {
        Map<String, Proxy> proxies = new HashMap<>();
        for (String scheme : SCHEMES) {
            String variable = scheme + "_proxy";
            Optional<String> value = value(variable);
            if (value.isPresent()) {
                proxies.put(scheme, new Proxy(Proxy.Type.HTTP, address(variable, value.get())));
            }
        }
        return new Selector(
                proxies, value("no_proxy").map(ProxyVariables::domains).orElse(List.of()));
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
        if (!"http".equals(proxy.getScheme()) || host.isEmpty() || proxy.getPort() < 0) {
            throw malformed(variable);
        }
        return InetSocketAddress.createUnresolved(host.get(), proxy.getPort());
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

    /** Splits {@code no_proxy}; a dot before a domain has no meaning of its own. */
    private static List<String> domains(String value) {
        return Stream.of(value.split(","))
                .map(domain -> domain.strip().toLowerCase(Locale.ROOT))
                .map(domain -> domain.startsWith(".") ? domain.substring(1) : domain)
                .filter(domain -> !domain.isEmpty())
                .toList();
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
            if (isDirect(String.valueOf(address.getHost()).toLowerCase(Locale.ROOT))) {
                return List.of(Proxy.NO_PROXY);
            }
            return Optional.ofNullable(proxies.get(address.getScheme()))
                    .map(proxy -> List.of(proxy))
                    .orElseGet(() -> ofJvm(address));
        }

        private boolean isDirect(String host) {
            return direct.stream()
                    .anyMatch(domain -> domain.equals("*") || host.equals(domain) || host.endsWith("." + domain));
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
