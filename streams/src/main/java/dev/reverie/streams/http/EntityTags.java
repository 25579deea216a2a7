package dev.reverie.streams.http;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;

/** Reads the entity tags that a client already has from the header {@code If-None-Match} (RFC 9110, section 13.1.2). */
final class EntityTags {

    private static final Pattern TAG = Pattern.compile("\"(?<tag>[^\"]*)\"|\\*");

    private EntityTags() {}

    /** Returns whether the client has the representation with this tag. A client that sends {@code *} has any. */
    static boolean known(HttpRequest request, EntityTag current) {
        return known(request).stream()
                .anyMatch(tag -> isAny(tag) || current.tag().equals(tag.group("tag")));
    }

    private static boolean isAny(MatchResult tag) {
        return tag.group().equals("*");
    }

    /** Finds the tags in the text of the headers, which need not be well-formed. */
    private static List<MatchResult> known(HttpRequest request) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is("if-none-match"))
                .flatMap(header -> TAG.matcher(header.value()).results())
                .toList();
    }
}
