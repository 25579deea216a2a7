package dev.reverie.actors.cluster;

import java.nio.file.Path;

/**
 * The PEM files with which the nodes of a cluster recognise each other and encrypt what they send. Each node shows its
 * certificate and requires one of the other node, issued by the same authority and with a name in common with its own.
 *
 * @param certificate file with the certificate of this node, issued directly by the authority
 * @param key file with the private key of the certificate, an RSA key in PKCS#8
 * @param authority file with the certificate of the authority
 */
public record ClusterTls(Path certificate, Path key, Path authority) {}
