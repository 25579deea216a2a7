package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The web page's files")
class WebPageTest {

    private static final Pattern OWN_FILES = Pattern.compile("(?:src|href|from)=?\\s*\"([./][^\"]*)\"");

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("are complete, and load nothing from another origin")
    void complete() {
        String html = text(server.get("/"));
        List<String> files = OWN_FILES
                .matcher(html)
                .results()
                .map(match -> match.group(1))
                .filter(file -> file.startsWith("/page/"))
                .distinct()
                .toList();

        assertThat(files).contains("/page/page.js", "/page/page.css", "/page/chart.js", "/page/icon.svg");
        assertThat(html).doesNotContain("http://", "https://", "<style", "onclick=");
        for (String file : files) {
            assertThat(server.get(file).statusCode()).describedAs(file).isEqualTo(200);
        }
        OWN_FILES
                .matcher(text(server.get("/page/page.js")))
                .results()
                .map(match -> match.group(1).replace("./", "/page/"))
                .forEach(module -> assertThat(server.get(module).headers().firstValue("Content-Type"))
                        .describedAs(module)
                        .hasValueSatisfying(type -> assertThat(type).startsWith("application/javascript")));
    }

    @Test
    @DisplayName("forbid foreign scripts, framing and content sniffing")
    void headers() {
        HttpResponse<byte[]> page = server.get("/");

        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js", "/openapi.yaml"})
    @DisplayName("are fetched again only if their content has changed, and the description of the API likewise")
    void revalidation(String path) {
        // given
        HttpResponse<byte[]> whole = server.get(path);
        String tag = whole.headers().firstValue("ETag").orElseThrow();

        // when
        HttpResponse<byte[]> known = server.send(path, request -> request.header("If-None-Match", tag));
        HttpResponse<byte[]> part = server.send(
                path, request -> request.header("Range", "bytes=0-3").header("If-Match", "\"other\""));
        HttpResponse<byte[]> head = server.send(path, request -> request.HEAD());

        // then
        assertThat(tag).isEqualTo('"' + DigestUtils.sha256Hex(whole.body()) + '"');
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(part.statusCode()).isEqualTo(200);
        assertThat(part.body()).isEqualTo(whole.body());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (HttpResponse<byte[]> response : List.of(whole, known, part, head)) {
            assertThat(response.headers().firstValue("ETag")).contains(tag);
            assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-cache");
            assertThat(response.headers().map()).doesNotContainKeys("last-modified", "accept-ranges");
        }
    }

    @Test
    @DisplayName("are the only files that any path can reach")
    void closed() {
        Server.problem(server.get("/page/"), 404, "not-found");
        Server.problem(server.get("/page/..%2Fhttp%2Fopenapi.yaml"), 404, "not-found");
        Server.problem(server.get("/page/reference.conf"), 404, "not-found");
    }

    private static String text(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
