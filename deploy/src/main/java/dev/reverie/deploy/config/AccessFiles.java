package dev.reverie.deploy.config;

import dev.reverie.gpu.dataset.FileErrorMessages;
import dev.reverie.streams.http.ApiServer;
import dev.reverie.streams.http.BearerTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a configuration names for the access to the API.
 *
 * @param tls TLS context for HTTPS; empty for HTTP
 */
public record AccessFiles(ReloadableValue<BearerTokens> tokens, Optional<ReloadableValue<SSLContext>> tls) {

    /**
     * The names of the files.
     *
     * @param tokens file with the tokens of clients; if empty, clients need none
     * @param tls files for HTTPS; empty for HTTP
     */
    public record Names(Optional<Path> tokens, Optional<Tls> tls) {}

    /**
     * The PEM files for HTTPS.
     *
     * @param certificate file with the certificate, followed by any intermediate certificates
     * @param key file with the private key, as unencrypted PKCS#8
     */
    public record Tls(Path certificate, Path key) {}

    private static final Logger LOG = LoggerFactory.getLogger(AccessFiles.class);

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /**
     * Reads the files and checks that access to them and to the API is restricted.
     *
     * @throws ConfigurationException if a file cannot be used, if users other than the owner have access to the file of
     *     the tokens or the key, or if remote clients would need no token although {@code insecure} is not set
     * @throws java.io.UncheckedIOException if all files can be used, but the host cannot be resolved
     */
    public static AccessFiles of(ServiceConfig config) {
        List<String> problems = new ArrayList<>();
        Optional<ReloadableValue<BearerTokens>> tokens =
                collect(problems, () -> tokens(config.access().tokens()));
        Optional<Optional<ReloadableValue<SSLContext>>> tls =
                collect(problems, () -> config.access().tls().map(AccessFiles::tls));
        try {
            tokens.ifPresent(file -> collect(problems, () -> requireSafe(config, file.value())));
        } finally {
            requireNone(problems); // unlike a host that cannot be resolved, these do not pass
        }
        return new AccessFiles(tokens.orElseThrow(), tls.orElseThrow());
    }

    /** Returns what a reading returns, or collects its problems, so that one pass reports all of them. */
    private static <T> Optional<T> collect(List<String> problems, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private static void requireNone(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static ReloadableValue<BearerTokens> tokens(Optional<Path> file) {
        return new ReloadableValue<>(
                file.stream().toList(), texts -> texts.isEmpty() ? BearerTokens.none() : tokens(texts.getFirst()));
    }

    private static BearerTokens tokens(FileText file) {
        return explained("reverie.http.tokens-file: ", () -> {
            String text = file.require();
            requirePrivate(file.file());
            try {
                BearerTokens tokens = BearerTokens.parse(text);
                if (tokens.isEmpty()) {
                    throw new IllegalArgumentException("it contains no token: add one, or remove the setting");
                }
                return tokens;
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file.file() + ": " + e.getMessage(), e);
            }
        });
    }

    private static ReloadableValue<SSLContext> tls(Tls files) {
        return new ReloadableValue<>(
                List.of(files.certificate(), files.key()),
                texts -> explained("reverie.http.tls: ", () -> {
                    FileText key = texts.getLast();
                    key.require();
                    requirePrivate(key.file());
                    return PemFiles.context(texts.getFirst(), key);
                }));
    }

    private static BearerTokens requireSafe(ServiceConfig config, BearerTokens tokens) {
        try {
            ApiServer.requireSafe(config.http(), tokens);
            return tokens;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of("reverie.http.host: " + e.getMessage()));
        }
    }

    private static <T> T explained(String setting, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of(setting + e.getMessage()));
        }
    }

    /**
     * Requires that only the owner has access to a file. If its file system has no such permissions, as on Windows,
     * only logs that access is not checked.
     *
     * @throws IllegalArgumentException if others have access, or if the file cannot be read
     */
    static void requirePrivate(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            LOG.warn(
                    "Who has access to {} is not checked, because its file system has no POSIX permissions: let only"
                            + " the user of the service read it",
                    file);
            return;
        }
        try {
            if (!OWNERS.containsAll(view.readAttributes().permissions())) {
                throw new IllegalArgumentException(file + " is accessible to other users: run chmod 600 on it, and"
                        + " replace its secrets, which they may have read");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + FileErrorMessages.describe(e) + "): name a readable file", e);
        }
    }
}
