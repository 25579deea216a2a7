package dev.reverie.actors.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a node takes part in a cluster.
 *
 * @param host host name or IPv4 address under which the other nodes reach this one
 * @param port TCP port of this node for the other nodes, 1 to 65535
 * @param bindHost host name or IPv4 address of this machine on which the node listens; if empty, the node listens on
 *     all addresses, or only on {@code host} if that is a loopback address
 * @param seeds addresses {@code host:port} of the nodes that a starting node asks to let it join, 1 to {@code members};
 *     the same on every node, in the same order. The first one founds the cluster.
 * @param members number of nodes that the cluster is configured for, 1 to {@value #MAX_MEMBERS}; it stays the same when
 *     nodes stop or fail
 * @param tls files for encryption and mutual authentication; can be empty only on a loopback address
 */
public record ClusterSettings(
        String host, int port, Optional<String> bindHost, List<String> seeds, int members, Optional<ClusterTls> tls) {

    /**
     * The PEM files with which the nodes of a cluster recognise each other and encrypt what they send. Each node shows
     * its certificate and requires one of the other node, issued by the same authority and with a name in common with
     * its own.
     *
     * @param certificate file with the certificate of this node, issued directly by the authority
     * @param key file with the private key of the certificate, an RSA key in PKCS#8
     * @param authority file with the certificate of the authority
     */
    public record ClusterTls(Path certificate, Path key, Path authority) {}

    /** Maximum number of nodes. */
    public static final int MAX_MEMBERS = 1000;

    /** Stands for all addresses of a machine. */
    static final String ANY_ADDRESS = "0.0.0.0";

    private static final int MAX_PORT = 65_535;
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
    private static final Pattern HOST = Pattern.compile(NAME);
    private static final Pattern SEED = Pattern.compile("(" + NAME + "):([0-9]{1,5})");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of range, or if the values contradict each other; the message
     *     says what to do
     */
    public ClusterSettings {
        seeds = List.copyOf(seeds);
        requireHost(host, "host");
        requireUsable(host, "host");
        bindHost.ifPresent(own -> requireHost(own, "bind-host"));
        requirePort(port, "port");
        require(
                members >= 1 && members <= MAX_MEMBERS,
                "members must be the number of nodes, 1 to " + MAX_MEMBERS + ", got " + members);
        require(!seeds.isEmpty(), "seeds must name one or more nodes as host:port, the same ones on every node");
        seeds.forEach(ClusterSettings::requireSeed);
        require(new HashSet<>(seeds).size() == seeds.size(), "seeds must name each node once, got " + seeds);
        require(
                seeds.size() <= members,
                "seeds names " + seeds.size() + " nodes, but members is " + members
                        + ": set members to the number of nodes");
        requireSafe(host, bindHost, seeds, tls);
    }

    private static void requireHost(String host, String what) {
        require(HOST.matcher(host).matches(), what + " must be a host name or an IPv4 address, got " + host);
    }

    private static void requireSeed(String seed) {
        Matcher parts = SEED.matcher(seed);
        require(parts.matches(), "seeds must have the form host:port, got " + seed);
        requireUsable(parts.group(1), "the host of a seed");
        requirePort(Integer.parseInt(parts.group(2)), "the port of a seed");
    }

    /**
     * Refuses a name that a URI cannot contain, since Pekko fails on it without a message, and the address that stands
     * for all.
     */
    private static void requireUsable(String host, String what) {
        require(
                URI.create("pekko://" + host).getHost() != null,
                what + " must be an IPv4 address, or a name with parts of letters, digits and hyphens, of which the"
                        + " last begins with a letter, got " + host);
        require(
                !host.equals(ANY_ADDRESS),
                what + " must be an address under which the other nodes reach the node, got " + host
                        + ": set only bind-host to " + host);
    }

    private static void requireSafe(
            String host, Optional<String> bindHost, List<String> seeds, Optional<ClusterTls> tls) {
        String remote = Stream.of(
                        Stream.of(host), bindHost.stream(), seeds.stream().map(ClusterSettings::hostOf))
                .flatMap(Function.identity())
                .filter(name -> !isLoopback(name))
                .distinct()
                .collect(Collectors.joining(", "));
        require(
                tls.isPresent() || remote.isEmpty(),
                "without TLS, whoever reaches " + remote + " could join the cluster: set tls.certificate, tls.key and"
                        + " tls.authority, or use only addresses like 127.0.0.1");
    }

    private static void requirePort(int port, String what) {
        require(port >= 1 && port <= MAX_PORT, what + " must be 1 to " + MAX_PORT + ", got " + port);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The host of an address {@code host:port}. */
    static String hostOf(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }

    /** Whether a host is only reached from its own machine, judging by its name without looking it up. */
    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    /** Address of this node, {@code host:port}. */
    public String address() {
        return host + ":" + port;
    }

    /**
     * Number of nodes that form a majority. As long as fewer nodes have joined, a new cluster does not begin to work.
     */
    public int majority() {
        return members / 2 + 1;
    }

    /** A warning about a cluster of two nodes; empty for any other number. */
    public Optional<String> advice() {
        return Optional.of("a cluster of 2 nodes does not survive every failure: when the nodes lose each other, or the"
                        + " node with the lowest address fails, the other node stops too; run 3 or more nodes")
                .filter(_ -> members == 2);
    }
}
