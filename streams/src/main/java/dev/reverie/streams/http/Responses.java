package dev.reverie.streams.http;

import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Puts together what is sent back. */
final class Responses {

    static final ContentType NPZ = ContentTypes.create(MediaTypes.applicationBinary("x-npz", false, "npz"));
    static final ContentType PNG = ContentTypes.create(MediaTypes.IMAGE_PNG);
    static final ContentType YAML =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("yaml", HttpCharsets.UTF_8, "yaml"));

    /** What an answer tells of, if it is a problem: never sent, for those who count. */
    static final AttributeKey<ProblemType> TOLD = AttributeKey.create("problem", ProblemType.class);

    private static final ContentType.NonBinary PROBLEM =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    /** As much of an answer as may wait at the connection, bytes. */
    private static final int PIECE = 256 << 10;

    /** For an answer to be begun. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Responses() {}

    /** A record, list or map as JSON. */
    static HttpResponse json(Object body) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.text(body)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    /** Bytes that are not copied, so nobody may change them any more. */
    static HttpResponse bytes(ContentType type, byte[] content) {
        return HttpResponse.create().withEntity(HttpEntities.create(type, ByteString.fromArrayUnsafe(content)));
    }

    /**
     * Bytes that are not copied, for one reader alone, who may take as long as the connection lives.
     *
     * @param gone runs when they are read, or will not be any more
     */
    static HttpResponse bytes(ContentType type, byte[] content, Runnable gone) {
        Source<ByteString, NotUsed> pieces = Source.range(0, Math.ceilDiv(content.length, PIECE) - 1)
                .map(piece -> ByteString.fromArrayUnsafe(
                        content, piece * PIECE, Math.min(PIECE, content.length - piece * PIECE)));
        return HttpResponse.create()
                .withEntity(HttpEntities.create(type, content.length, StreamLease.over(pieces, PATIENCE, gone)));
    }

    static HttpResponse problem(ProblemType type, String detail) {
        return problem(type, type.status(), Problem.of(type, detail));
    }

    /** A problem whose status is not that of its type, or whose body has more members than every problem has. */
    static HttpResponse problem(ProblemType type, StatusCode status, Object body) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(PROBLEM, ApiJson.text(body)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .addAttribute(TOLD, type);
    }
}
