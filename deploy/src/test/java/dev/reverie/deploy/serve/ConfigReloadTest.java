package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.SelfSignedCertificate;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ConfigSources;
import dev.reverie.deploy.config.ReloadableValue;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.gpu.CapturedLog;
import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.BearerTokens.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

@DisplayName("A running service")
class ConfigReloadTest {

    @AutoClose
    private final CapturedLog log = new CapturedLog("reverie");

    private final List<Level> levels = new ArrayList<>();
    private final Path folder;
    private final Path config;
    private final Path tokens;

    ConfigReloadTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        config = Files.writeString(folder.resolve("reverie.conf"), "reverie.http.port = 9000\n");
        tokens = folder.resolve("tokens");
        write(tokens, token("old"));
    }

    @Test
    @DisplayName("accepts a token that was added to the file, and no longer accepts one that was removed")
    void tokens() throws IOException {
        Started service = start(Map.of("reverie.http.tokens-file", tokens.toString()));

        write(tokens, token("new"));
        service.reload.check();

        assertThat(service.roles("new")).containsExactly(Role.READ);
        assertThat(service.roles("old")).isEmpty();
        assertThat(log.take()).containsExactly("INFO reloaded the tokens");
    }

    @Test
    @DisplayName("follows a symbolic link that points to another file, as Kubernetes replaces secrets")
    void symbolicLinks() throws IOException {
        write(Files.createDirectory(folder.resolve("..one")).resolve("tokens"), token("old"));
        write(Files.createDirectory(folder.resolve("..two")).resolve("tokens"), token("new"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..one"));
        Path mounted = Files.createSymbolicLink(folder.resolve("mounted"), Path.of("..data/tokens"));
        Started service = start(Map.of("reverie.http.tokens-file", mounted.toString()));

        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        service.reload.check();

        assertThat(service.roles("new")).containsExactly(Role.READ);
        assertThat(service.roles("old")).isEmpty();
    }

    @Test
    @DisplayName("keeps the tokens while their file cannot be used, warns once, and tries again until it can be used")
    void unusableTokens() throws IOException {
        Started service = start(Map.of("reverie.http.tokens-file", tokens.toString()));
        Files.delete(tokens);

        service.checks(5);

        assertThat(service.roles("old")).containsExactly(Role.READ);
        assertThat(log.take())
                .containsExactly("WARN warning: cannot reload the tokens, so nothing changes until this is mended:"
                        + " reverie.http.tokens-file: " + tokens + " cannot be read (there is no " + tokens
                        + "): name a readable file");

        write(tokens, token("new"));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
        service.checks(5);

        assertThat(service.roles("old")).isNotEmpty();
        assertThat(log.take()).singleElement().asString().contains("WARN", "is accessible to other users");

        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        service.checks(5);

        assertThat(service.roles("old")).isEmpty();
        assertThat(service.roles("new")).isNotEmpty();
        assertThat(log.take()).containsExactly("INFO reloaded the tokens");
    }

    @Test
    @DisplayName("never takes an empty tokens file to mean that clients need no token")
    void emptyTokens() throws IOException {
        Started service = start(Map.of("reverie.http.tokens-file", tokens.toString()));

        write(tokens, "");
        service.checks(2);

        assertThat(service.access.tokens().value().isEmpty()).isFalse();
        assertThat(log.take()).singleElement().asString().contains("WARN", "contains no token");
    }

    @Test
    @DisplayName("replaces its certificate when the certificate and the key have both changed")
    void certificate() throws Exception {
        SelfSignedCertificate first = SelfSignedCertificate.in(folder, "EC", "first");
        SelfSignedCertificate second = SelfSignedCertificate.in(folder, "EC", "second");
        Started service = start(Map.of(
                "reverie.http.tls.certificate",
                first.certificate().toString(),
                "reverie.http.tls.key",
                first.key().toString()));
        SSLContext before = service.tls();

        Files.move(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
        service.reload.check();

        assertThat(service.tls()).isSameAs(before);
        assertThat(log.take()).as("a renewal that is not finished").isEmpty();

        Files.move(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
        service.reload.check();

        assertThat(service.tls()).isNotSameAs(before);
        assertThat(log.take()).containsExactly("INFO reloaded the certificate");
    }

    @Test
    @DisplayName("changes its log level when the configuration file changes, but not if a variable sets the level")
    void level() throws IOException {
        Started free = start(Map.of());
        Started bound = new Started(Map.of("REVERIE_LOG_LEVEL", "ERROR"), Map.of());

        Files.writeString(config, "reverie { http.port = 9000, log.level = Debug }\n");
        free.reload.check();
        assertThat(levels).last().isEqualTo(Level.DEBUG);
        bound.reload.check();
        assertThat(levels).last().isEqualTo(Level.ERROR);
    }

    @Test
    @DisplayName("names each changed setting that needs a restart once")
    void restartNeeded() throws IOException {
        Started service = start(Map.of());
        Files.writeString(config, "reverie { http.port = 9001, learning.drift = 2 }\n");

        service.checks(3);
        service.reload.reload();

        assertThat(log.take())
                .containsExactly(
                        "INFO reloaded the configuration",
                        "WARN warning: the configuration file has new values for reverie.http.port,"
                                + " reverie.learning.drift, which take effect when the service starts: restart it",
                        "INFO SIGHUP: no usable file has changed");

        Files.writeString(config, "reverie { http.port = 9002, learning.drift = 2 }\n");
        service.checks(2);

        assertThat(log.take()).last().asString().contains("new values for reverie.http.port, which");
    }

    @Test
    @DisplayName("says at SIGHUP that it has reloaded the configuration if only an included file has changed")
    void includedFile() throws IOException {
        Path included = Files.writeString(folder.resolve("levels.conf"), "reverie.log.level = info\n");
        Files.writeString(config, "include \"levels.conf\"\n");
        Started service = start(Map.of("reverie.http.tokens-file", tokens.toString()));

        Files.writeString(included, "reverie.log.level = debug\n");
        service.reload.reload();
        service.reload.reload();

        assertThat(levels).last().isEqualTo(Level.DEBUG);
        assertThat(log.take())
                .containsExactly("INFO reloaded the configuration", "INFO SIGHUP: no usable file has changed");
    }

    @Test
    @DisplayName("reports at each SIGHUP which files cannot be used, and keeps their last contents")
    void hangup() throws IOException {
        Started service = start(Map.of("reverie.http.tokens-file", tokens.toString()));
        Files.writeString(config, "reverie { http.prt = 9001 }\n");

        service.reload.reload();
        service.checks(3);
        service.reload.reload();

        assertThat(log.take())
                .filteredOn(line -> line.startsWith("WARN"))
                .hasSize(2)
                .allMatch(line -> line.contains("cannot reload the configuration")
                        && line.contains("did you mean reverie.http.port?"));
    }

    private Started start(Map<String, String> overrides) {
        return new Started(Map.of(), overrides);
    }

    private static String token(String secret) {
        return "read " + BearerTokens.digest(secret) + "\n";
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** What a service keeps of its files. */
    private final class Started {

        private final AccessFiles access;
        private final ConfigReload reload;

        Started(Map<String, String> environment, Map<String, String> overrides) {
            ReloadableValue<ServiceConfig> live =
                    new ConfigSources(Optional.of(config), environment, Set.of(), overrides).open();
            access = AccessFiles.of(live.value());
            reload = new ConfigReload(live, access, new ServiceLog(), levels::add);
        }

        void checks(int count) {
            for (int i = 0; i < count; i++) {
                reload.check();
            }
        }

        Set<Role> roles(String token) {
            return access.tokens().value().rolesOf(token);
        }

        SSLContext tls() {
            return access.tls().orElseThrow().value();
        }
    }
}
