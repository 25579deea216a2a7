package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.IOUtils;

/**
 * The length and SHA-256 hash of a file as it is stored, regardless of how a source packs it.
 *
 * @param bytes length in bytes
 * @param sha256 SHA-256 in lower-case hexadecimal digits
 */
record FileDigest(long bytes, String sha256) {

    /** Computes the digest of {@code in} while copying it to {@code out}; reads at most {@code limit} bytes. */
    static FileDigest copying(InputStream in, OutputStream out, long limit) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        long bytes = IOUtils.copyLarge(new DigestInputStream(in, digest), out, 0, limit);
        return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
    }
}
