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
 * Who may do what: SHA-256 digests of bearer tokens and the roles they stand for. The tokens themselves are not kept.
 */
public final class BearerTokens {

    private static final Pattern LINE = Pattern.compile("([a-z]+(?:,[a-z]+)*)\\s+([0-9a-fA-F]{64})(?:\\s.*)?");

    private final List<Holder> holders;

    private record Holder(String digest, Set<TokenRole> roles) {}

    private BearerTokens(List<Holder> holders) {
        this.holders = List.copyOf(holders);
    }

    /** Nobody needs a token. */
    public static BearerTokens none() {
        return new BearerTokens(List.of());
    }

    /**
     * Reads one token a line: roles, its digest, and perhaps a remark, as in {@code ingest,read 9f86d0... the cameras}.
     * Blank lines and such that begin with {@code #} are passed over.
     *
     * @throws IllegalArgumentException if a line is anything else
     */
    public static BearerTokens parse(String text) {
        List<Holder> holders = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (!line.isEmpty() && !line.startsWith("#")) {
                holders.add(holder(line, number));
            }
        }
        return new BearerTokens(holders);
    }

    private static Holder holder(String line, int number) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            try {
                return new Holder(matcher.group(2).toLowerCase(Locale.ROOT), roles(matcher.group(1)));
            } catch (IllegalArgumentException _) {
                // says the same as a line of another form, below
            }
        }
        throw new IllegalArgumentException("line " + number + " of the tokens is not understood: want roles (ingest,"
                + " read, admin; separated by commas), a space, and the SHA-256 of the token in hexadecimal digits");
    }

    private static Set<TokenRole> roles(String names) {
        EnumSet<TokenRole> roles = EnumSet.noneOf(TokenRole.class);
        Arrays.stream(names.split(","))
                .map(name -> TokenRole.valueOf(name.toUpperCase(Locale.ROOT)))
                .forEach(roles::add);
        return roles.contains(TokenRole.ADMIN) ? EnumSet.allOf(TokenRole.class) : roles;
    }

    /** How a token is written in a line. */
    public static String digest(String token) {
        return DigestUtils.sha256Hex(token);
    }

    public boolean isEmpty() {
        return holders.isEmpty();
    }

    /** What the holder of a token may do; nothing if it is unknown. Takes as long for any token. */
    public Set<TokenRole> rolesOf(String token) {
        byte[] digest = digest(token).getBytes(StandardCharsets.US_ASCII);
        EnumSet<TokenRole> roles = EnumSet.noneOf(TokenRole.class);
        for (Holder holder : holders) {
            if (MessageDigest.isEqual(digest, holder.digest().getBytes(StandardCharsets.US_ASCII))) {
                roles.addAll(holder.roles());
            }
        }
        return roles;
    }
}
