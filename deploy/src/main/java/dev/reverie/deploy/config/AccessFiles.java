package dev.reverie.deploy.config;

import dev.reverie.streams.http.ApiServer;
import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * The tokens and certificates loaded from the files that a configuration names.
 *
 * @param tokens tokens that clients may use; none if no file is configured
 * @param tls TLS context for HTTPS; empty for HTTP
 */
public record AccessFiles(BearerTokens tokens, Optional<SSLContext> tls) {

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /**
     * Reads the files and checks that access to them and to the API is restricted.
     *
     * @throws ConfigurationException if a file cannot be used, if users other than the owner have access to the file of
     *     the tokens or the key, or if remote clients would need no token although {@code insecure} is not set
     */
    public static AccessFiles of(ServiceConfig config) {
        List<String> problems = new ArrayList<>();
        Optional<BearerTokens> tokens = config.http().tokensFile().flatMap(file -> tokens(file, problems));
        Optional<SSLContext> tls = config.http().tls().flatMap(files -> tls(files, problems));
        if (problems.isEmpty()) {
            HttpSettings settings = config.http().settings(config.limits().ingest());
            try {
                ApiServer.requireSafe(settings, tokens.orElse(BearerTokens.none()));
            } catch (IllegalArgumentException e) {
                problems.add("reverie.http.host: " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new AccessFiles(tokens.orElse(BearerTokens.none()), tls);
    }

    private static Optional<BearerTokens> tokens(Path file, List<String> problems) {
        try {
            requirePrivate(file);
            BearerTokens tokens = BearerTokens.parse(Files.readString(file));
            if (tokens.isEmpty()) {
                throw new IllegalArgumentException("it contains no token: add one, or remove the setting");
            }
            return Optional.of(tokens);
        } catch (IOException e) {
            problems.add("reverie.http.tokens-file: " + file + " cannot be read: name a readable file");
        } catch (IllegalArgumentException e) {
            problems.add("reverie.http.tokens-file: " + file + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<SSLContext> tls(HttpConfig.Tls files, List<String> problems) {
        try {
            requirePrivateKey(files.key());
            return Optional.of(PemFiles.context(files.certificate(), files.key()));
        } catch (IllegalArgumentException e) {
            problems.add("reverie.http.tls: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static void requirePrivateKey(Path file) {
        try {
            requirePrivate(file);
        } catch (IOException e) {
            throw PemFiles.unreadable(file, e);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(permissions)) {
            throw new IllegalArgumentException(
                    file
                            + " is accessible to other users: run chmod 600 on it, and replace its secrets, which they may have read");
        }
    }
}
