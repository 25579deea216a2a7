package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Selects the proxies that environment variables name: {@code http_proxy} and {@code https_proxy} for addresses with
 * these schemes, and {@code no_proxy} for hosts that are reached without one. Their names may also be in capitals. An
 * address for which they name none is reached as the properties of the JVM determine, by default directly.
 */
final class ProxyVariables extends ProxySelector {

    private static final int DEFAULT_PORT = 80;
    private static final String ALL = "*";

    private final Map<String, String> environment;

    ProxyVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Checks the variable for an address.
     *
     * @throws IOException if it does not name a supported proxy; the message does not contain its value, in which there
     *     may be a password
     */
    void require(URI address) throws IOException {
        if (!isDirect(address)) {
            var _ = proxy(address);
        }
    }

    @Override
    public List<Proxy> select(URI address) {
        if (isDirect(address)) {
            return List.of(Proxy.NO_PROXY);
        }
        try {
            Optional<Proxy> proxy = proxy(address);
            if (proxy.isPresent()) {
                return List.of(proxy.get());
            }
        } catch (IOException unsupported) {
            // Only a redirection leads to another scheme, whose variable is not checked.
        }
        return Optional.ofNullable(ProxySelector.getDefault())
                .map(usual -> usual.select(address))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // the client reports the failure
    }

    /** Whether {@code no_proxy} lists a host or its domain; a dot, or an asterisk and a dot, before it is optional. */
    private boolean isDirect(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        return Stream.of(value("no_proxy").orElse("").split(","))
                .map(domain -> domain.strip().toLowerCase(Locale.ROOT))
                .map(domain -> domain.equals(ALL) ? domain : domain.replaceFirst("^\\*?\\.", ""))
                .filter(domain -> !domain.isEmpty())
                .anyMatch(domain -> domain.equals(ALL) || host.equals(domain) || host.endsWith("." + domain));
    }

    private Optional<Proxy> proxy(URI address) throws IOException {
        String variable = address.getScheme() + "_proxy";
        Optional<String> value = value(variable);
        return value.isPresent() ? Optional.of(proxy(variable, value.get())) : Optional.empty();
    }

    private static Proxy proxy(String variable, String value) throws IOException {
        URI proxy;
        try {
            proxy = new URI(value.contains("://") ? value : "http://" + value);
        } catch (URISyntaxException _) {
            throw malformed(variable);
        }
        if (Optional.ofNullable(proxy.getRawUserInfo()).isPresent()) {
            throw new IOException(variable + " contains a user name, but fetch cannot log in to a proxy: name a proxy"
                    + " without a login");
        }
        Optional<String> host = Optional.ofNullable(proxy.getHost());
        if (!"http".equals(proxy.getScheme()) || host.isEmpty()) {
            throw malformed(variable);
        }
        int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host.get(), port));
    }

    private static IOException malformed(String variable) {
        return new IOException(variable + " does not name an HTTP proxy: write http://HOST:PORT");
    }

    private Optional<String> value(String variable) {
        return Stream.of(variable, variable.toUpperCase(Locale.ROOT))
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
