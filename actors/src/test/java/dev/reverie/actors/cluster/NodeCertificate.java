package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import java.io.IOException;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The certificate of a node for tests, issued by an authority of its own.
 *
 * @param files PEM files; only the owner may read the one of the key
 */
public record NodeCertificate(ClusterTls files) {

    /** The keys by name: each takes two processes and seconds to make. */
    private static final Map<String, KeyStore> STORES = new ConcurrentHashMap<>();

    private static final String PASSWORD = "only in a test";
    private static final String AUTHORITY = "authority";
    private static final String NODE = "node";

    /**
     * Creates the certificate, its key and its authority in {@code folder}, in files whose names begin with
     * {@code name}.
     */
    public static NodeCertificate in(Path folder, String name) {
        try {
            KeyStore store = STORES.computeIfAbsent(name, NodeCertificate::generated);
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

    private static KeyStore generated(String name) {
        try {
            Path folder = Files.createTempDirectory("certificate");
            Path file = folder.resolve(name + ".p12");
            generate(file, AUTHORITY, "CN=" + name, "-ext", "bc:c");
            generate(file, NODE, "CN=reverie-node", "-signer", AUTHORITY);
            KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            Files.delete(file);
            Files.delete(folder);
            return store;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void generate(Path file, String alias, String subject, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
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
