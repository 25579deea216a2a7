package dev.reverie.streams.http;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.util.ByteString;

/**
 * Serves what everybody may read without a token: the web page, the description of the API, and the runbooks of the
 * alerts. The page sends the user's token with its requests to the API. Whoever reads an alert needs its runbook, and
 * alerts are shown on pages of other sites, so these may link to the runbooks.
 */
final class PublicFiles extends AllDirectives {

    static final String RUNBOOKS = "/runbooks/";

    private static final String FOLDER = "/dev/reverie/streams/page/";
    private static final String CHARTS_POM = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private static final ContentType HTML = ContentTypes.TEXT_HTML_UTF8;
    private static final ContentType CSS = ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8);
    private static final ContentType SCRIPT =
            ContentTypes.create(MediaTypes.APPLICATION_JAVASCRIPT, HttpCharsets.UTF_8);
    private static final ContentType SVG = ContentTypes.create(MediaTypes.IMAGE_SVG_XML);
    private static final ContentType YAML =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("yaml", HttpCharsets.UTF_8, "yaml"));

    private static final List<String> PAGE = List.of(
            "page.css",
            "page.js",
            "service.js",
            "events.js",
            "wall.js",
            "timeline.js",
            "curves.js",
            "journal.js",
            "nodes.js",
            "refusals.js",
            "times.js",
            "icon.svg");

    /** Headers that forbid other origins, inline scripts and frames. Scripts load the images as blobs. */
    private static final List<HttpHeader> ISOLATED = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final ResourceFile index = ResourceFile.read(FOLDER + "index.html", HTML);
    private final Map<String, ResourceFile> page = new HashMap<>();
    private final ResourceFile description = ResourceFile.read("/dev/reverie/streams/http/openapi.yaml", YAML);
    private final Function<String, Optional<String>> runbooks;

    /**
     * Reads the files.
     *
     * @param runbooks returns the text of the runbook with a name, if there is one
     */
    PublicFiles(Function<String, Optional<String>> runbooks) {
        this.runbooks = runbooks;
        PAGE.forEach(name -> page.put(name, ResourceFile.read(FOLDER + name, typeOf(name))));
        page.put("chart.js", ResourceFile.read(charts(), SCRIPT));
    }

    private static ContentType typeOf(String name) {
        return switch (name.substring(name.indexOf('.'))) {
            case ".css" -> CSS;
            case ".svg" -> SVG;
            default -> SCRIPT;
        };
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

    /**
     * A file of the class path, served from memory. Its tag is derived from its content, because reproducible builds
     * give all versions of a file the same time.
     */
    private record ResourceFile(ContentType type, ByteString content, EntityTag tag) {

        /** Reads the file with this absolute name, for example {@code /dev/reverie/streams/page/page.js}. */
        static ResourceFile read(String name, ContentType type) {
            byte[] content = bytes(name);
            return new ResourceFile(
                    type, ByteString.fromArrayUnsafe(content), EntityTag.create(DigestUtils.sha256Hex(content), false));
        }

        static byte[] bytes(String name) {
            try (InputStream in = ResourceFile.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new FileNotFoundException("the class path lacks " + name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        CompletionStage<HttpResponse> respond(HttpRequest request) {
            HttpResponse whole = HttpResponse.create().withEntity(HttpEntities.create(type, content));
            return Responses.revalidated(request, tag, () -> CompletableFuture.completedStage(whole));
        }
    }

    Route route() {
        return concat(
                path("openapi.yaml", () -> get(() -> serve(description))),
                pathSingleSlash(() -> get(() -> isolated(serve(index)))),
                path(segment("page").slash(segment()), name -> Optional.ofNullable(page.get(name))
                        .map(file -> get(() -> isolated(serve(file))))
                        .orElseGet(() -> reject())),
                path(
                        segment("runbooks").slash(segment()),
                        name -> get(() -> runbooks.apply(name)
                                .map(text -> isolated(complete(runbook(text))))
                                .orElseGet(() -> complete(Routes.notFound())))));
    }

    private Route isolated(Route route) {
        return respondWithHeaders(ISOLATED, () -> route);
    }

    private Route serve(ResourceFile file) {
        return extractRequest(request -> completeWithFuture(file.respond(request)));
    }

    private static HttpResponse runbook(String text) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }
}
