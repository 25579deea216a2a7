package dev.reverie.streams.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A file that a scan found.
 *
 * @param content path below the root of the file itself: the name, unless that is or contains a link that is followed
 * @param link whether the content is a symbolic link, which is not followed
 * @param key hash of the name, size and modification time, which stays the same across restarts. A write or a
 *     replacement that changes neither the size nor the modification time goes unnoticed
 */
record FoundFile(Path root, Path name, Path content, boolean link, long size, long key) {

    private static final int ID_BYTES = 16;

    /**
     * Finds a file.
     *
     * @param followLinks whether to follow links whose target is below the root
     */
    static FoundFile at(Path root, Path name, boolean followLinks) throws IOException {
        Path content = followLinks ? target(root, name).orElse(name) : name;
        return of(
                root,
                name,
                content,
                Files.readAttributes(root.resolve(content), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    /** Returns a file whose content has the given attributes, which were read without following links. */
    static FoundFile of(Path root, Path name, Path content, BasicFileAttributes now) {
        String state = now.size() + " " + now.lastModifiedTime() + " " + name;
        long key = ByteBuffer.wrap(DigestUtils.getSha256Digest().digest(state.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return new FoundFile(root, name, content, now.isSymbolicLink(), now.size(), key);
    }

    /** Returns the path below the root to which a path leads; empty if it leads elsewhere or nowhere. */
    static Optional<Path> target(Path root, Path name) {
        try {
            Path real = root.resolve(name).toRealPath();
            return real.startsWith(root) ? Optional.of(root.relativize(real)) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    Path path() {
        return root.resolve(name);
    }

    /** Returns the subfolder that contains the file; empty if the file is directly in the root. */
    Optional<String> folder() {
        return Optional.ofNullable(name.getParent()).map(Path::toString);
    }

    /** Tells whether the file still has the size and modification time that the scan found. */
    boolean isUnchanged() throws IOException {
        return at(root, name, !content.equals(name)).key == key;
    }

    /**
     * Returns an id that is derived from the path and the given content, and therefore stays the same across restarts.
     */
    String id(byte[] content) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(name.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return "file-" + HexFormat.of().formatHex(digest.digest(content), 0, ID_BYTES);
    }
}
