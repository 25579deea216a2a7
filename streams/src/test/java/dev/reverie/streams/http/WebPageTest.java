package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
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
    private static final Server SERVER = Server.start();

    @Test
    @DisplayName("are complete, and load nothing from another origin")
    void complete() {
        HttpResponse<byte[]> page = SERVER.get("/");
        String html = text(page);
        List<String> files = ownFiles(html).stream()
                .filter(file -> file.startsWith("/page/"))
                .distinct()
                .toList();

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
        assertThat(files).contains("/page/page.js", "/page/page.css", "/page/chart.js", "/page/icon.svg");
        assertThat(html).doesNotContain("http://", "https://", "<style", "onclick=");
        for (String file : files) {
            assertThat(SERVER.get(file).statusCode()).describedAs(file).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("include every module that a script imports")
    void modules() {
        Set<String> modules = new HashSet<>();
        Queue<String> imported = new ArrayDeque<>(List.of("/page/page.js"));
        while (!imported.isEmpty()) {
            String module = imported.remove();
            if (modules.add(module)) {
                HttpResponse<byte[]> script = SERVER.get(module);
                assertThat(script.headers().firstValue("Content-Type"))
                        .describedAs(module)
                        .hasValueSatisfying(type -> assertThat(type).startsWith("application/javascript"));
                ownFiles(text(script)).forEach(file -> imported.add(file.replace("./", "/page/")));
            }
        }

        assertThat(modules).contains("/page/times.js");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js", "/page/icon.svg"})
    @DisplayName("forbid foreign scripts, framing and content sniffing")
    void headers(String path) {
        HttpResponse<byte[]> file = SERVER.get(path);

        assertThat(file.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js", "/openapi.yaml"})
    @DisplayName("and the description of the API are fetched again only if their content has changed")
    void revalidation(String path) {
        HttpResponse<byte[]> whole = SERVER.get(path);
        String tag = '"' + DigestUtils.sha256Hex(whole.body()) + '"';

        HttpResponse<byte[]> known = SERVER.send(path, request -> request.header("If-None-Match", tag));

        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertIsCacheable(whole, tag);
        assertIsCacheable(known, tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js", "/openapi.yaml"})
    @DisplayName("and the description of the API are sent as a whole even to a request for a part, and not to HEAD")
    void wholeFiles(String path) {
        HttpResponse<byte[]> whole = SERVER.get(path);
        String tag = whole.headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> part = SERVER.send(
                path, request -> request.header("Range", "bytes=0-3").header("If-Match", "\"other\""));
        HttpResponse<byte[]> head = SERVER.send(path, request -> request.HEAD());

        assertThat(part.statusCode()).isEqualTo(200);
        assertThat(part.body()).isEqualTo(whole.body());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertIsCacheable(part, tag);
        assertIsCacheable(head, tag);
    }

    private static void assertIsCacheable(HttpResponse<byte[]> response, String tag) {
        assertThat(response.headers().firstValue("ETag")).contains(tag);
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-cache");
        assertThat(response.headers().map()).doesNotContainKeys("last-modified", "accept-ranges");
    }

    @Test
    @DisplayName("are the only files that any path can reach")
    void closed() {
        Server.problem(SERVER.get("/page/"), 404, "not-found");
        Server.problem(SERVER.get("/page/..%2Fhttp%2Fopenapi.yaml"), 404, "not-found");
        Server.problem(SERVER.get("/page/reference.conf"), 404, "not-found");
    }

    private static List<String> ownFiles(String text) {
        return OWN_FILES.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String text(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
