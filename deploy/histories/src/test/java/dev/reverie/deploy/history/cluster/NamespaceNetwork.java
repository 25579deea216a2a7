package dev.reverie.deploy.history.cluster;

import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import dev.reverie.actors.cluster.NodeCertificate;
import dev.reverie.deploy.history.rounds.SystemProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Each node in a Linux network namespace of its own. A bridge joins them; the database server and the clients are at
 * its address. Making namespaces needs root.
 */
final class NamespaceNetwork implements NodeNetwork, NodeNetwork.Separation {

    /** Part of the addresses reserved for tests of networks (RFC 2544); the third byte is that of the process id. */
    private static final String SUBNET =
            "198.18.%d.".formatted(ProcessHandle.current().pid() % 256);

    private static final String BRIDGE = "rv" + ProcessHandle.current().pid();
    private static final String SERVER = SUBNET + "1";
    private static final int FIRST_NODE = 10;

    private final ClusterTls tls;

    private NamespaceNetwork(ClusterTls tls) {
        this.tls = tls;
    }

    /**
     * Creates the network.
     *
     * @param folder for the certificate of the nodes
     * @return empty if the process may not make namespaces, or if the program {@code ip} is missing
     */
    static Optional<NamespaceNetwork> create(Path folder) {
        if (!succeeds("ip link add " + BRIDGE + " type bridge")) {
            return Optional.empty();
        }
        NamespaceNetwork network =
                new NamespaceNetwork(NodeCertificate.in(folder, "cluster").files());
        try {
            run("ip addr add " + SERVER + "/24 dev " + BRIDGE);
            run("ip link set " + BRIDGE + " up");
            for (int node = 0; node < ClusterNodes.COUNT; node++) {
                network.join(node);
            }
            return Optional.of(network);
        } catch (AssertionError failure) {
            network.close();
            throw failure;
        }
    }

    private void join(int node) {
        String space = space(node);
        run("ip netns add " + space);
        run("ip link add " + port(node) + " type veth peer name eth0 netns " + space);
        run("ip link set " + port(node) + " master " + BRIDGE + " up");
        run("ip -n " + space + " addr add " + host(node) + "/24 dev eth0");
        run("ip -n " + space + " link set lo up");
        run("ip -n " + space + " link set eth0 up");
    }

    private static String space(int node) {
        return "reverie-" + ProcessHandle.current().pid() + "-" + node;
    }

    private static String port(int node) {
        return BRIDGE + "-" + node;
    }

    @Override
    public String serverHost() {
        return SERVER;
    }

    @Override
    public String host(int node) {
        return SUBNET + (FIRST_NODE + node);
    }

    @Override
    public List<String> runAt(int node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "REVERIE_HTTP_INSECURE",
                "true",
                "REVERIE_CLUSTER_TLS_CERTIFICATE",
                tls.certificate().toString(),
                "REVERIE_CLUSTER_TLS_KEY",
                tls.key().toString(),
                "REVERIE_CLUSTER_TLS_AUTHORITY",
                tls.authority().toString());
    }

    @Override
    public Optional<Separation> separation() {
        return Optional.of(this);
    }

    /** What the node answers to the others is dropped, too, so no connection between them lasts. */
    @Override
    public void separate(int node) {
        others(node).forEach(other -> run("ip -n " + space(node) + " route add blackhole " + host(other) + "/32"));
    }

    @Override
    public void unplug(int node) {
        run("ip link set " + port(node) + " down");
    }

    @Override
    public void heal() {
        for (int node = 0; node < ClusterNodes.COUNT; node++) {
            run("ip link set " + port(node) + " up");
            run("ip -n " + space(node) + " route flush type blackhole");
        }
    }

    private static IntStream others(int node) {
        return IntStream.range(0, ClusterNodes.COUNT).filter(other -> other != node);
    }

    @Override
    public void close() {
        IntStream.range(0, ClusterNodes.COUNT).forEach(node -> succeeds("ip netns del " + space(node)));
        succeeds("ip link del " + BRIDGE);
    }

    private static void run(String command) {
        SystemProgram ended = SystemProgram.run(command.split(" "));
        if (!ended.succeeded()) {
            throw new AssertionError(command + ": " + ended.output());
        }
    }

    private static boolean succeeds(String command) {
        return SystemProgram.run(command.split(" ")).succeeded();
    }
}
