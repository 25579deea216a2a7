package dev.reverie.deploy.history.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All nodes at 127.0.0.1, where nothing can be separated. */
final class LoopbackNetwork implements NodeNetwork {

    private static final String HOST = "127.0.0.1";

    @Override
    public String serverHost() {
        return HOST;
    }

    @Override
    public String host(int node) {
        return HOST;
    }

    @Override
    public List<String> runAt(int node) {
        return List.of();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Optional<NodeSeparation> separation() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
