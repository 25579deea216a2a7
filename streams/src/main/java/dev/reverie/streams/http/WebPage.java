package dev.reverie.streams.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Serves the files of the web page. The files are public and need no token; the page sends the user's token with its
 * requests to the API.
 */
final class WebPage extends AllDirectives {

    private static final String FOLDER = "/dev/reverie/streams/page/";
    private static final String CHARTS_POM = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private static final ContentType HTML = ContentTypes.TEXT_HTML_UTF8;
    private static final ContentType CSS = ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8);
    private static final ContentType SCRIPT =
            ContentTypes.create(MediaTypes.APPLICATION_JAVASCRIPT, HttpCharsets.UTF_8);
    private static final ContentType SVG = ContentTypes.create(MediaTypes.IMAGE_SVG_XML);

    private static final Map<String, ContentType> TYPES = Map.ofEntries(
            Map.entry("page.css", CSS),
            Map.entry("page.js", SCRIPT),
            Map.entry("service.js", SCRIPT),
            Map.entry("events.js", SCRIPT),
            Map.entry("wall.js", SCRIPT),
            Map.entry("timeline.js", SCRIPT),
            Map.entry("curves.js", SCRIPT),
            Map.entry("journal.js", SCRIPT),
            Map.entry("nodes.js", SCRIPT),
            Map.entry("times.js", SCRIPT),
            Map.entry("icon.svg", SVG));

    /** Headers that forbid other origins, inline scripts and frames. Scripts load the images as blobs. */
    static final List<RawHeader> HEADERS = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final ResourceFile index = ResourceFile.read(FOLDER + "index.html", HTML);
    private final Map<String, ResourceFile> files = new HashMap<>();

    WebPage() {
        TYPES.forEach((name, type) -> files.put(name, ResourceFile.read(FOLDER + name, type)));
        files.put("chart.js", ResourceFile.read(charts(), SCRIPT));
    }

    /** Returns the path of Chart.js, which contains the version of its jar. */
    private static String charts() {
        Properties pom = new Properties();
        try {
            pom.load(new ByteArrayInputStream(ResourceFile.bytes(CHARTS_POM)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/chart.js/" + pom.getProperty("version") + "/dist/chart.umd.min.js";
    }

    Route route() {
        return concat(
                pathSingleSlash(() -> serve(index)),
                pathPrefix(
                        "page",
                        () -> path(PathMatchers.segment(), name -> Optional.ofNullable(files.get(name))
                                .map(this::serve)
                                .orElseGet(() -> reject()))));
    }

    private Route serve(ResourceFile file) {
        return get(() -> respondWithHeaders(
                List.copyOf(HEADERS), () -> extractRequest(request -> complete(file.respond(request)))));
    }
}
