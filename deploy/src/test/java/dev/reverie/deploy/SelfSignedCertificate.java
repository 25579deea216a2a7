package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
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
 * A self-signed certificate and its private key as PEM files.
 *
 * @param store a key store with both, for clients that trust the certificate
 */
public record SelfSignedCertificate(Path certificate, Path key, KeyStore store) {

    private static final char[] PASSWORD = "only in a test".toCharArray();

    /** Creates a certificate for localhost in {@code folder}; only the owner may read the file of the key. */
    public static SelfSignedCertificate in(Path folder, String algorithm, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                "reverie",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString()));
        if (algorithm.equals("RSA")) {
            command.addAll(List.of("-keysize", "2048")); // a longer key takes seconds to make
        }
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        Path certificate = Files.writeString(
                folder.resolve(name + ".crt"),
                pem("CERTIFICATE", store.getCertificate("reverie").getEncoded()));
        Path key = Files.writeString(
                folder.resolve(name + ".key"),
                pem("PRIVATE KEY", store.getKey("reverie", PASSWORD).getEncoded()));
        return new SelfSignedCertificate(
                certificate, Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------")), store);
    }

    private static String pem(String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }
}
