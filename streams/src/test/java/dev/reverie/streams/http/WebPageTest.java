package dev.reverie.streams.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The web page's files")
class WebPageTest {
    private static final Pattern OWN_FILES = Pattern.compile("(?:src|href|from)=?\\s*\"([./][^\"]*)\"");

    @AutoClose
    private static final Server SERVER = Server.start();

    private static final Pattern COLOUR = Pattern.compile("--(\\w+): #([0-9a-f]{3,6})");

    /** Minimum contrast of text by WCAG 2.2, level AA. */
    private static final double ENOUGH = 4.5;

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

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "ink,paper",
        "ink,card",
        "soft,paper",
        "soft,card",
        "accent,paper",
        "accent,card",
        "good,paper",
        "bad,paper",
        "bad,card"
    })
    @DisplayName("have colours of sufficient contrast in light and dark mode")
    void contrast(String text, String ground) throws IOException {
        String css = css();
        int dark = css.indexOf("prefers-color-scheme: dark");
        Map<String, String> light = colours(css.substring(0, dark));
        Map<String, String> night = colours(css.substring(dark, css.indexOf("* {", dark)));

        assertThat(contrast(light, text, ground)).isGreaterThanOrEqualTo(ENOUGH);
        assertThat(contrast(night, text, ground)).isGreaterThanOrEqualTo(ENOUGH);
    }

    private static List<String> ownFiles(String text) {
        return OWN_FILES.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String text(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String css() throws IOException {
        try (InputStream file =
                requireNonNull(WebPageTest.class.getResourceAsStream("/dev/reverie/streams/page/page.css"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> colours(String css) {
        Map<String, String> colours = new HashMap<>();
        COLOUR.matcher(css).results().forEach(match -> colours.put(match.group(1), match.group(2)));
        return colours;
    }

    private static double contrast(Map<String, String> colours, String text, String ground) {
        double a = luminance(requireNonNull(colours.get(text)));
        double b = luminance(requireNonNull(colours.get(ground)));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /** Returns the relative luminance of an sRGB colour, in [0, 1]. */
    private static double luminance(String hex) {
        String six = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
        int rgb = Integer.parseInt(six, 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    }

    private static double linear(int channel) {
        double level = (channel & 0xff) / 255.0;
        return level <= 0.04045 ? level / 12.92 : Math.pow((level + 0.055) / 1.055, 2.4);
    }
}
