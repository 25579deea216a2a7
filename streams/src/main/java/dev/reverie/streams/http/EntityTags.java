package dev.reverie.streams.http;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.EntityTagRange;
import org.apache.pekko.http.javadsl.model.headers.EntityTagRanges;
import org.apache.pekko.http.javadsl.model.headers.IfNoneMatch;

/** Reads the entity tags that a client already has from the header {@code If-None-Match} (RFC 9110, section 13.1.2). */
final class EntityTags {

    private static final String HEADER = "If-None-Match";
    private static final Pattern TAG = Pattern.compile("\"(?<tag>[^\"]*)\"|\\*");

    private EntityTags() {}

    /**
     * Replaces all lines of the header by one with the same tags, because Pekko's comparison of the files of the web
     * page ignores all lines but the first, and a line with any tag that is not well-formed.
     */
    static HttpRequest combined(HttpRequest request) {
        List<MatchResult> known = known(request);
        HttpRequest other = request.removeHeader(HEADER);
        if (known.isEmpty()) {
            return other;
        }
        EntityTagRange range = known.stream().anyMatch(EntityTags::isAny)
                ? EntityTagRanges.ALL
                : EntityTagRange.create(known.stream()
                        .map(tag -> EntityTag.create(tag.group("tag"), true))
                        .toArray(EntityTag[]::new));
        return other.addHeader(IfNoneMatch.create(range));
    }

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
