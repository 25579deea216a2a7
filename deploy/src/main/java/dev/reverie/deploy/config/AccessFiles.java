package dev.reverie.deploy.config;

import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.HttpApi;
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
 * Who may come, and how: what the files say that a configuration names.
 *
 * @param tls for HTTPS instead of HTTP
 */
public record AccessFiles(BearerTokens tokens, Optional<SSLContext> tls) {

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /**
     * Reads the files, and makes sure that nobody can come whom nobody meant.
     *
     * @throws ConfigurationException if a file cannot be used, if others than its owner have permissions for it, or if
     *     others than this machine could come without a token although nobody said so
     */
    public static AccessFiles of(ServiceConfig config) {
        List<String> problems = new ArrayList<>();
        Optional<BearerTokens> tokens = config.http().tokensFile().flatMap(file -> tokens(file, problems));
        Optional<SSLContext> tls = config.http().tls().flatMap(files -> tls(files, problems));
        if (problems.isEmpty()) {
            HttpSettings settings = config.http().settings(config.limits().ingest());
            try {
                HttpApi.requireSafe(settings, tokens.orElse(BearerTokens.none()));
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
                throw new IllegalArgumentException("it has no token in it: add one, or name no file");
            }
            return Optional.of(tokens);
        } catch (IOException e) {
            problems.add("reverie.http.tokens-file: " + file + " cannot be read: name a file that may be");
        } catch (IllegalArgumentException e) {
            problems.add("reverie.http.tokens-file: " + file + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<SSLContext> tls(HttpConfig.Tls files, List<String> problems) {
        try {
            requirePrivate(files.key());
            return Optional.of(PemFiles.context(files.certificate(), files.key()));
        } catch (IOException e) {
            problems.add("reverie.http.tls: " + e.getMessage() + " cannot be read: name a file that may be");
        } catch (IllegalArgumentException e) {
            problems.add("reverie.http.tls: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(permissions)) {
            throw new IllegalArgumentException(
                    file + " is open to others than its owner: chmod 600 it, and replace what they may have read");
        }
    }
}
