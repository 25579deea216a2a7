package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.deploy.SelfSignedCertificate;
import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.BearerTokens.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Access to a service")
class AccessFilesTest {

    /** No name, so that no name server is asked. */
    private static final String UNRESOLVABLE = "[::1";

    private final Path folder;

    AccessFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("is open to all users of its machine by default")
    void byDefault() {
        AccessFiles access = access(Map.of());

        assertThat(access.tokens().value().isEmpty()).isTrue();
        assertThat(access.tls()).isEmpty();
    }

    @Test
    @DisplayName("requires one of the tokens in the file")
    void tokens() throws IOException {
        Path file = write("tokens", "read " + BearerTokens.digest("secret") + " the dashboard\n", "rw-------");

        AccessFiles access = access(Map.of("reverie.http.tokens-file", file.toString()));

        assertThat(access.tokens().value().rolesOf("secret")).containsExactly(Role.READ);
    }

    @Test
    @DisplayName("is rejected for a tokens file that others may read, that is empty or that does not exist")
    void unusableTokens() throws IOException {
        assertRefused(
                Map.of(
                        "reverie.http.tokens-file",
                        write("open", "read " + BearerTokens.digest("x"), "rw-r-----")
                                .toString()),
                "is accessible to other users",
                "chmod 600");
        assertRefused(
                Map.of(
                        "reverie.http.tokens-file",
                        write("empty", "# none yet", "rw-------").toString()),
                "contains no token");
        assertRefused(Map.of("reverie.http.tokens-file", "nowhere"), "nowhere cannot be read");
    }

    @Test
    @DisplayName("does not depend on permissions that a file system lacks")
    void otherFileSystem() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("files.zip"), Map.of("create", "true"))) {
            Path file = Files.writeString(zip.getPath("tokens"), "read " + BearerTokens.digest("x"));

            assertThatCode(() -> AccessFiles.requirePrivate(file)).doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("from other machines requires tokens, unless insecure is set")
    void otherMachines() {
        assertThat(problems(Map.of("reverie.http.host", "0.0.0.0")))
                .singleElement()
                .asString()
                .startsWith("reverie.http.host: ")
                .contains("0.0.0.0", "set reverie.http.tokens-file");
        assertThat(access(Map.of("reverie.http.host", "0.0.0.0", "reverie.http.insecure", "true"))
                        .tokens()
                        .value()
                        .isEmpty())
                .isTrue();
    }

    @Test
    @DisplayName("does not fail as wrong input if the address of the host cannot be found")
    void unresolvableHost() {
        Map<String, String> options = Map.of("reverie.http.host", UNRESOLVABLE);

        assertThatThrownBy(() -> access(options))
                .isInstanceOf(UncheckedIOException.class)
                .cause()
                .hasMessageStartingWith("cannot find the address of the host " + UNRESOLVABLE + ": check");
    }

    @Test
    @DisplayName("is rejected for files that cannot be used even if the address of the host cannot be found")
    void unresolvableHostAndUnusableFile() {
        Map<String, String> options = new HashMap<>(tls(Path.of("nowhere"), Path.of("nowhere")));
        options.put("reverie.http.host", UNRESOLVABLE);

        assertThat(problems(options)).singleElement().asString().startsWith("reverie.http.tls: nowhere");
    }

    @Test
    @DisplayName("uses HTTPS if a certificate and its key are configured")
    void tls() throws Exception {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            SelfSignedCertificate pair = pair(algorithm, algorithm);

            assertThat(access(tls(pair.certificate(), pair.key())).tls()).isPresent();
        }
    }

    @Test
    @DisplayName("is rejected for a key of another certificate, a key that others may read, or a file that is no key")
    void unusableTls() throws Exception {
        SelfSignedCertificate one = pair("EC", "one");
        SelfSignedCertificate other = pair("EC", "other");

        assertRefused(tls(one.certificate(), other.key()), "do not match");
        assertRefused(tls(one.key(), one.key()), "contains no PEM certificates");
        assertRefused(
                tls(one.certificate(), pair("RSA", "rsa").key()), "contains no private key of the same algorithm");
        assertRefused(tls(one.certificate(), write("none", "hello", "rw-------")), "contains no PEM private key");
        String cut = "-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n";
        assertRefused(tls(one.certificate(), write("cut", cut, "rw-------")), "contains a damaged private key");
        for (Map<String, String> missing :
                List.of(tls(Path.of("nowhere"), one.key()), tls(one.certificate(), Path.of("nowhere")))) {
            assertThat(problems(missing))
                    .containsExactly(
                            "reverie.http.tls: nowhere cannot be read (there is no nowhere): name a readable file");
        }
        Files.setPosixFilePermissions(one.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(tls(one.certificate(), one.key()), "is accessible to other users");
    }

    private static Map<String, String> tls(Path certificate, Path key) {
        return Map.of("reverie.http.tls.certificate", certificate.toString(), "reverie.http.tls.key", key.toString());
    }

    private static AccessFiles access(Map<String, String> options) {
        return AccessFiles.of(ServiceConfig.load(Optional.empty(), Map.of(), options));
    }

    private static void assertRefused(Map<String, String> options, String... parts) {
        assertThat(problems(options)).singleElement().asString().contains(parts);
    }

    private static List<String> problems(Map<String, String> options) {
        ConfigurationException refusal =
                catchThrowableOfType(ConfigurationException.class, () -> access(new HashMap<>(options)));
        assertThat(refusal).isNotNull();
        return refusal.problems();
    }

    private Path write(String name, String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private SelfSignedCertificate pair(String algorithm, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        return SelfSignedCertificate.in(folder, algorithm, name);
    }
}
