package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The certificate of a node for tests, issued by an authority of its own.
 *
 * @param files PEM files; only the owner may read the one of the key
 */
public record NodeCertificate(ClusterTls files) {

    private static final String PASSWORD = "only in a test";
    private static final String AUTHORITY = "authority";
    private static final String NODE = "node";

    /** Creates the certificate, its key and its authority in {@code folder}, in files whose names begin alike. */
    public static NodeCertificate in(Path folder, String name) {
        Path file = folder.resolve(name + ".p12");
        generate(file, AUTHORITY, "CN=" + name, "-ext", "bc:c");
        generate(file, NODE, "CN=reverie-node", "-signer", AUTHORITY);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Path key = write(
                    folder.resolve(name + ".key"),
                    "PRIVATE KEY",
                    store.getKey(NODE, PASSWORD.toCharArray()).getEncoded());
            return new NodeCertificate(new ClusterTls(
                    write(
                            folder.resolve(name + ".crt"),
                            "CERTIFICATE",
                            store.getCertificate(NODE).getEncoded()),
                    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------")),
                    write(
                            folder.resolve(name + "-authority.crt"),
                            "CERTIFICATE",
                            store.getCertificate(AUTHORITY).getEncoded())));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void generate(Path file, String alias, String subject, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-dname",
                subject,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
        command.addAll(List.of(more));
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    private static Path write(Path file, String kind, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n");
    }
}
