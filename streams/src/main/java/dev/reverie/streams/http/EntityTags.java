package dev.reverie.streams.http;

import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;

/** Reads the entity tags that a client already has from the header {@code If-None-Match} (RFC 9110, section 13.1.2). */
final class EntityTags {

    private static final String ANY = "*";
    private static final Pattern TAG = Pattern.compile("\"(?<tag>[^\"]*)\"");

    private EntityTags() {}

    /** Returns whether the client has the representation with this tag. A client that sends only {@code *} has any. */
    static boolean known(HttpRequest request, EntityTag current) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is("if-none-match"))
                .map(HttpHeader::value)
                .anyMatch(value -> value.strip().equals(ANY) || contains(value, current.tag()));
    }

    /** Searches the text of a header, which need not be well-formed. */
    private static boolean contains(String value, String tag) {
        return TAG.matcher(value).results().anyMatch(found -> tag.equals(found.group("tag")));
    }
}
