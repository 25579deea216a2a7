package dev.reverie.streams.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The SHA-256 digests of the configured bearer tokens, and the roles of each token. The tokens themselves are not
 * stored.
 */
public final class BearerTokens {

    private static final Pattern LINE = Pattern.compile("([a-z]+(?:,[a-z]+)*)\\s+([0-9a-fA-F]{64})(?:\\s.*)?");

    private final List<Entry> entries;

    /** What the holder of a token may do. */
    public enum Role {
        /** Send samples. */
        INGEST,
        /** Read everything. */
        READ,
        /** Seal and forget classes, take backups, and everything that the other roles may do. */
        ADMIN
    }

    private record Entry(String digest, Set<Role> roles) {}

    private BearerTokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public static BearerTokens none() {
        return new BearerTokens(List.of());
    }

    /**
     * Parses one token per line. A line contains the roles, the digest and, optionally, a comment, as in
     * {@code ingest,read 9f86d0... the cameras}; the role {@code admin} includes the others. Skips blank lines and
     * lines that begin with {@code #}.
     *
     * @throws IllegalArgumentException if a line has any other form
     */
    public static BearerTokens parse(String text) {
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, number));
            }
        }
        return new BearerTokens(entries);
    }

    private static Entry entry(String line, int number) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            try {
                return new Entry(matcher.group(2).toLowerCase(Locale.ROOT), roles(matcher.group(1)));
            } catch (IllegalArgumentException _) {
                // an unknown role: the same message as for any other form
            }
        }
        throw new IllegalArgumentException(
                "line " + number + " of the tokens is invalid: write the roles (ingest, read,"
                        + " admin; separated by commas), a space, and the SHA-256 of the token in hexadecimal digits");
    }

    private static Set<Role> roles(String names) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(names.split(","))
                .map(name -> Role.valueOf(name.toUpperCase(Locale.ROOT)))
                .forEach(roles::add);
        return roles.contains(Role.ADMIN) ? EnumSet.allOf(Role.class) : roles;
    }

    /** Returns the digest of a token in hexadecimal digits, as a line contains it. */
    public static String digest(String token) {
        return DigestUtils.sha256Hex(token);
    }

    /** Returns whether there are no tokens, so clients need none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns the roles of a token, or none if it is unknown. Takes the same time for every token. */
    public Set<Role> rolesOf(String token) {
        byte[] digest = digest(token).getBytes(StandardCharsets.US_ASCII);
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(digest, entry.digest().getBytes(StandardCharsets.US_ASCII))) {
                roles.addAll(entry.roles());
            }
        }
        return roles;
    }
}
