package dev.reverie.deploy.history.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
    public List<ClusterFault> faults() {
        return Arrays.stream(ClusterFault.values())
                .filter(fault -> !fault.isOfNetwork())
                .toList();
    }

    @Override
    public void separate(int node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unplug(int node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heal() {}

    @Override
    public void close() {}
}
