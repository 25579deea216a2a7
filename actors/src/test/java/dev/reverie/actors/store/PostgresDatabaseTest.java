package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A database on a server")
class PostgresDatabaseTest {

    @Test
    @DisplayName("has time-outs, unless its URL says otherwise")
    void hasTimeouts() {
        assertThat(completed("jdbc:postgresql://host/reverie"))
                .isEqualTo("jdbc:postgresql://host/reverie?connectTimeout=10&socketTimeout=60&tcpKeepAlive=true");
        assertThat(completed("jdbc:postgresql://host/reverie?ssl=true&socketTimeout=5"))
                .isEqualTo("jdbc:postgresql://host/reverie?ssl=true&socketTimeout=5&connectTimeout=10"
                        + "&tcpKeepAlive=true");
    }

    private static String completed(String url) {
        return PostgresDatabase.complete(url, PostgresDatabase.SOCKET_TIMEOUT);
    }
}
