package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The proxy for a download")
class ProxyVariablesTest {

    private static final URI PLAIN = URI.create("http://data.publisher.example/");
    private static final URI SECURE = URI.create("https://data.publisher.example/");
    private static final String PROXY = "http://proxy.example:3128";

    @Test
    @DisplayName("is the one that the variable for the scheme names, with or without http://")
    void byScheme() throws IOException {
        ProxySelector proxies =
                selector(Map.of("http_proxy", "http://plain.example:3128/", "HTTPS_PROXY", "secure.example:8080"));

        assertThat(proxies.select(PLAIN)).containsExactly(proxy("plain.example", 3128));
        assertThat(proxies.select(SECURE)).containsExactly(proxy("secure.example", 8080));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://proxy.example", "http://proxy.example/", "proxy.example"})
    @DisplayName("has port 80 if the variable names none")
    void defaultPort(String proxy) throws IOException {
        assertThat(selector(Map.of("https_proxy", proxy)).select(SECURE)).containsExactly(proxy("proxy.example", 80));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.publisher.example",
                "publisher.example",
                ".publisher.example",
                "*.publisher.example",
                "a.org, EXAMPLE",
                "*"
            })
    @DisplayName("is none if no_proxy lists the host or a domain of it")
    void excluded(String domains) throws IOException {
        ProxySelector proxies = selector(Map.of("https_proxy", PROXY, "no_proxy", domains));

        assertThat(proxies.select(SECURE)).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.data.publisher.example", "lisher.example", "publisher.example.org", " , "})
    @DisplayName("is used if no_proxy lists other hosts")
    void notExcluded(String domains) throws IOException {
        ProxySelector proxies = selector(Map.of("https_proxy", PROXY, "no_proxy", domains));

        assertThat(proxies.select(SECURE)).containsExactly(proxy("proxy.example", 3128));
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:secret@proxy.example:3128, https_proxy contains a user name",
        "me:secret@proxy.example:3128, https_proxy contains a user name",
        "https://proxy.example:3128, https_proxy does not name an HTTP proxy",
        "socks5://proxy.example:1080, https_proxy does not name an HTTP proxy",
        "http://secret secret, https_proxy does not name an HTTP proxy",
    })
    @DisplayName("is refused, without its password in the message, if it is not supported")
    void unsupported(String proxy, String message) {
        assertThatThrownBy(() -> selector(Map.of("https_proxy", proxy)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    @DisplayName("may be unsupported if the address is reached without it")
    void unusedProxies() throws IOException {
        String unsupported = "socks5://proxy.example:1080";

        assertThat(selector(Map.of("http_proxy", unsupported, "https_proxy", PROXY))
                        .select(SECURE))
                .containsExactly(proxy("proxy.example", 3128));
        assertThat(selector(Map.of("https_proxy", unsupported, "no_proxy", "example"))
                        .select(SECURE))
                .containsExactly(Proxy.NO_PROXY);
    }

    private static ProxySelector selector(Map<String, String> environment) throws IOException {
        ProxyVariables proxies = new ProxyVariables(environment);
        proxies.require(SECURE);
        return proxies;
    }

    private static Proxy proxy(String host, int port) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }
}
