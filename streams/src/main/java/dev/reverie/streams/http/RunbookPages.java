package dev.reverie.streams.http;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Serves the runbooks of the alerts as text. The runbooks are public and need no token, because whoever reads an alert
 * needs them; and pages of other sites may link to them, because alerts are shown on such pages.
 */
public final class RunbookPages extends AllDirectives {

    static final String PATH = "/runbooks/";

    private final Function<String, Optional<String>> texts;

    /**
     * Creates the pages.
     *
     * @param texts returns the text of the runbook with a name, if there is one
     */
    public RunbookPages(Function<String, Optional<String>> texts) {
        this.texts = texts;
    }

    Route route() {
        return path(
                segment("runbooks").slash(segment()),
                name -> get(() -> texts.apply(name)
                        .map(text -> respondWithHeaders(List.copyOf(WebPage.HEADERS), () -> complete(page(text))))
                        .orElseGet(() -> complete(Routes.notFound()))));
    }

    private static HttpResponse page(String text) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }
}
