package dev.reverie.actors.deduplication;

import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The fingerprint of a sample: 64 bits of the SHA-256 hash of its id and 64 bits of the SHA-256 hash of its content. In
 * a window of a million ids, about one new sample in 10^13 has the hash of an earlier id. As its content differs, its
 * delivery is then refused, because of an id that was used for another sample.
 *
 * @param id hash of the sample's id or, if the sample has no id, of its class name and pixels
 * @param content first 64 bits of the SHA-256 hash of the class name and pixels; {@code id} never uses these bits
 */
public record SampleFingerprint(long id, long content) {

    private static final byte WITH_ID = 1;
    private static final byte CONTENT = 2;

    /**
     * Computes the fingerprint of a sample.
     *
     * @param label name of the sample's class
     */
    public static SampleFingerprint of(String label, Optional<String> id, Image image) {
        ByteBuffer content = ByteBuffer.wrap(digestOfContent(label, image));
        long contentHash = content.getLong();
        return new SampleFingerprint(id.map(SampleFingerprint::hashOfId).orElseGet(content::getLong), contentHash);
    }

    /** The {@link #id} of a sample that has an id. */
    public static long hashOfId(String id) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(WITH_ID);
        return ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private static byte[] digestOfContent(String label, Image image) {
        byte[] name = label.getBytes(StandardCharsets.UTF_8);
        int size = image.shape().size();
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES * 4 + name.length + size);
        bytes.put(CONTENT).putInt(name.length).put(name);
        bytes.putInt(image.shape().channels())
                .putInt(image.shape().height())
                .putInt(image.shape().width());
        bytes.put(image.levels());
        return DigestUtils.getSha256Digest().digest(bytes.array());
    }
}
