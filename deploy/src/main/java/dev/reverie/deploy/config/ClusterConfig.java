package dev.reverie.deploy.config;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.ClusterTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads how a process takes part in a cluster. */
public final class ClusterConfig {

    private static final int MAX_PORT = 65_535;

    private ClusterConfig() {}

    /**
     * Reads and checks the settings; empty for a single process.
     *
     * @param onServer whether the store is on a database server
     */
    static Optional<ClusterSettings> read(ConfigSection cluster, boolean onServer) {
        boolean enabled = cluster.flag("enabled");
        String host = cluster.text("host");
        int port = cluster.integer("port", 1, MAX_PORT);
        Optional<String> bindHost = cluster.optionalText("bind-host");
        List<String> seeds = cluster.texts("seeds");
        int members = cluster.integer("members", 0, ClusterSettings.MAX_MEMBERS);
        Optional<ClusterTls> tls = tls(cluster.at("tls"));
        if (!enabled) {
            return Optional.empty();
        }
        cluster.require(
                onServer,
                "enabled",
                "the nodes of a cluster share a store on a PostgreSQL server: set reverie.store.postgres.url");
        cluster.require(!seeds.isEmpty(), "seeds", "name one or more nodes as host:port, the same ones on every node");
        cluster.require(members > 0, "members", "set it to the number of nodes, the same one on every node");
        return cluster.combined(() -> new ClusterSettings(host, port, bindHost, seeds, members, tls));
    }

    /**
     * Checks the files for TLS, which are read when the node joins.
     *
     * @throws ConfigurationException if a file cannot be used, if users other than the owner have access to the file of
     *     the key, or if the files do not belong together
     */
    public static void requireFiles(ClusterSettings settings) {
        settings.tls().ifPresent(tls -> {
            try {
                FileText key = FileText.read(tls.key());
                key.require();
                AccessFiles.requirePrivate(tls.key());
                PemFiles.requireNode(FileText.read(tls.certificate()), key, FileText.read(tls.authority()));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(List.of("reverie.cluster.tls: " + e.getMessage()));
            }
        });
    }

    private static Optional<ClusterTls> tls(ConfigSection tls) {
        Optional<Path> certificate = tls.optionalPath("certificate");
        Optional<Path> key = tls.optionalPath("key");
        Optional<Path> authority = tls.optionalPath("authority");
        boolean any = certificate.isPresent() || key.isPresent() || authority.isPresent();
        tls.require(!any || certificate.isPresent(), "certificate", "set the certificate of the node, too");
        tls.require(!any || key.isPresent(), "key", "set the key of the certificate, too");
        tls.require(!any || authority.isPresent(), "authority", "set the certificate of the authority, too");
        return certificate.flatMap(
                own -> key.flatMap(secret -> authority.map(issuer -> new ClusterTls(own, secret, issuer))));
    }
}
