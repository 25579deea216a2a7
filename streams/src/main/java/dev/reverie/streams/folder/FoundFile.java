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
 * A file as it was when it was looked at.
 *
 * @param name its path below the root
 * @param link whether it is a symbolic link, which is never followed
 * @param print 64 bits that change when it is written to or replaced
 */
record FoundFile(Path root, Path name, boolean link, long size, long print) {

    private static final int ID_BYTES = 16;

    /**
     * Looks at a file.
     *
     * @throws IOException if it is gone or cannot be looked at
     */
    static FoundFile at(Path root, Path name) throws IOException {
        BasicFileAttributes now =
                Files.readAttributes(root.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String state = now.size() + " " + now.lastModifiedTime() + " " + now.fileKey() + " " + name;
        long print = ByteBuffer.wrap(DigestUtils.getSha256Digest().digest(state.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return new FoundFile(root, name, now.isSymbolicLink(), now.size(), print);
    }

    Path path() {
        return root.resolve(name);
    }

    /** The folder that it lies in, unless that is the root. */
    Optional<String> folder() {
        return Optional.ofNullable(name.getParent()).map(Path::toString);
    }

    /** Whether it was neither written to nor replaced since. */
    boolean isUnchanged() throws IOException {
        return at(root, name).print == print;
    }

    /** By which its content is known at this place, also after a restart. */
    String id(byte[] content) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(name.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return "file-" + HexFormat.of().formatHex(digest.digest(content), 0, ID_BYTES);
    }
}
