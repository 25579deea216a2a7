package dev.reverie.streams.http;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * A file of the class path, served from memory. Its tag is derived from its content, because reproducible builds give
 * all versions of a file the same time.
 */
final class ResourceFile {

    private final ContentType type;
    private final byte[] content;
    private final EntityTag tag;

    private ResourceFile(ContentType type, byte[] content) {
        this.type = type;
        this.content = content;
        this.tag = EntityTag.create(DigestUtils.sha256Hex(content), false);
    }

    /** Reads the file with this absolute name, for example {@code /dev/reverie/streams/page/page.js}. */
    static ResourceFile read(String name, ContentType type) {
        return new ResourceFile(type, bytes(name));
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

    /** Clients may cache the file, but must revalidate it each time. */
    HttpResponse respond(HttpRequest request) {
        HttpResponse response = EntityTags.known(request, tag)
                ? HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)
                : Responses.bytes(type, content);
        return response.addHeader(ETag.create(tag)).addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }
}
