package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.Pictures;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The tags that a client already has")
@Timeout(60)
class EntityTagsTest {

    @AutoClose
    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start();
        server.post("/v1/samples?label=a", "image/png", Pictures.greyPng(4, 4));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @DisplayName("are taken from all lines of If-None-Match, for the memory and for the files of the page")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            /v1/memory;      TAG;                         304
            /v1/memory;      "x"|TAG;                     304
            /v1/memory;      "x", "y"|"z", W/TAG|"w";     304
            /v1/memory;      *;                           304
            /v1/memory;      "x"|*;                       304
            /v1/memory;      not a tag|TAG;               304
            /v1/memory;      "x"|"y";                     200
            /v1/memory;      "a,*,b";                     200
            /v1/memory;      not a tag;                   200
            /v1/memory;      v1*2;                        200
            /v1/memory;      '';                          200
            /page/page.css;  "x", "y"|"z", W/TAG|"w";     304
            /page/page.css;  "x"|"y";                     200
            """)
    void severalLines(String path, String lines, int status) {
        String tag = server.get(path).headers().firstValue("ETag").orElseThrow();

        assertThat(answer(path, lines.replace("TAG", tag))).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @DisplayName("may contain any text without effect on the connection")
    @ValueSource(
            strings = {"\"é\"", "\"\uffff\ud83d\ude00\"", "é|\"é\"", "\"\u0080\"|W/\"ÿ\"", "\"\\\"\"", "\"|\"", "\t"})
    void anyText(String lines) {
        for (String path : new String[] {"/v1/memory", "/page/page.css"}) {
            assertThat(answer(path, lines)).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String answer(String path, String lines) {
        try (Connection connection = new Connection(server.port())) {
            return connection
                    .send(request(path, "If-None-Match: " + lines.replace("|", "\r\nIf-None-Match: ") + "\r\n"))
                    .rest();
        }
    }

    private static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n";
    }
}
