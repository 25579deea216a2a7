package dev.reverie.deploy.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads the certificate and key of a TLS server from PEM files. */
final class PemFiles {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = {1};
    /** The only type of key that Pekko reads. */
    private static final String NODE_KEY = "RSA";

    private PemFiles() {}

    /**
     * Creates the TLS context of a server.
     *
     * @throws IllegalArgumentException if a file cannot be read or has the wrong content, or if the certificate and the
     *     key do not match
     */
    static SSLContext context(FileText certificate, FileText key) {
        char[] none = new char[0];
        Certificate[] chain = chain(certificate);
        PrivateKey secret = key(key, chain[0].getPublicKey());
        try {
            requirePair(chain[0].getPublicKey(), secret);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry("reverie", secret, none, chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) { // loading an empty key store reads no file
            throw new IllegalArgumentException(
                    "the certificate " + certificate.file() + " and the key " + key.file() + " do not match ("
                            + e.getMessage() + "): name the key that belongs to the certificate",
                    e);
        }
    }

    /**
     * Requires that a node of a cluster can use its files.
     *
     * @param authority file with the certificate of the authority that issued the certificate of the node
     * @throws IllegalArgumentException if a file cannot be read or has the wrong content, or if the files do not belong
     *     together
     */
    static void requireNode(FileText certificate, FileText key, FileText authority) {
        Certificate[] own = chain(certificate);
        Certificate issuer = chain(authority)[0];
        if (!own[0].getPublicKey().getAlgorithm().equals(NODE_KEY)) {
            throw new IllegalArgumentException(certificate.file() + " is a certificate for a key of type "
                    + own[0].getPublicKey().getAlgorithm() + ": use a certificate for an " + NODE_KEY + " key");
        }
        context(certificate, key);
        try {
            own[0].verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificate " + certificate.file() + " was not issued by the authority " + authority.file()
                            + ": name the authority that issued the certificates of all nodes",
                    e);
        }
    }

    /** Detects a mismatch when the service starts rather than at the first connection. */
    private static void requirePair(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> secret.getAlgorithm();
                });
        signature.initSign(secret);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new SignatureException("the certificate belongs to another key");
        }
    }

    private static Certificate[] chain(FileText file) {
        byte[] content = file.require().getBytes(StandardCharsets.ISO_8859_1);
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new CertificateException("the file contains none");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    file.file() + " contains no PEM certificates (" + e.getMessage()
                            + "): name a file with the certificate and its chain in PEM",
                    e);
        }
    }

    /** Reads the key for the algorithm of the certificate, because Java does not detect the algorithm of a key. */
    private static PrivateKey key(FileText file, PublicKey open) {
        Matcher pem = PRIVATE_KEY.matcher(file.require());
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    file.file()
                            + " contains no PEM private key in PKCS#8 without encryption: convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        try {
            byte[] content = decoded(file, pem.group(1));
            return KeyFactory.getInstance(open.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    file.file() + " contains no private key of the same algorithm as the certificate: name the key that"
                            + " belongs to the certificate",
                    e);
        }
    }

    private static byte[] decoded(FileText file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file.file() + " contains a damaged private key (" + e.getMessage() + "): copy the file again", e);
        }
    }
}
