package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The address of a service")
class ServiceAddressTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, http://localhost:8080",
        "https://memory.example.org/here, https://memory.example.org/here",
        "127.0.0.1:8080, http://127.0.0.1:8080",
        "localhost:8080, http://localhost:8080",
        "[::1]:8080, http://[::1]:8080",
        "memory.example.org, http://memory.example.org"
    })
    @DisplayName("uses HTTP if it has no scheme")
    void understood(String text, URI address) {
        assertThat(ServiceAddress.parse(text)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://localhost         | it must begin with http:// or https://",
                "::1                     | it names no host",
                "http://                 | Expected authority",
                "local host              | Illegal character",
                "localhost:80800         | its port is not between 1 and 65535",
                "localhost:8080/#here    | it may have a path, but no user, ? or #",
                "localhost:8080/?a=b     | it may have a path, but no user, ? or #"
            })
    @DisplayName("is rejected with the reason and an example if it is invalid")
    void refused(String text, String reason) {
        assertThatThrownBy(() -> ServiceAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "'" + text + "' is not the address of a service (", reason, "http://localhost:8080");
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:secret@localhost:8080, http://...localhost:8080",
        "http://me:se@cret@localhost:8080, http://...localhost:8080",
        "http://me:se/cret@localhost:8080, http://...localhost:8080",
        "me:se/cret@localhost:8080, ...localhost:8080"
    })
    @DisplayName("is rejected if it has a password, which the message does not repeat")
    void passwords(String text, String shown) {
        assertThatThrownBy(() -> ServiceAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + shown + "' is not the address of a service (")
                .hasMessageNotContaining("cret");
    }
}
