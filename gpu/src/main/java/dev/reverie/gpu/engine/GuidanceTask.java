package dev.reverie.gpu.engine;

import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;

/**
 * Asks for an expert at two stages of its training: its features are matched in the class steps that follow, and at the
 * later stage, it calibrates the synthetic images.
 *
 * @param network network as which the expert was trained, with the expert's number of classes
 * @param matched the expert's parameters at the earlier stage, one array per tensor, in the network's order
 * @param later the expert's parameters at the later stage, which can be the same
 */
public record GuidanceTask(NetworkId network, List<float[]> matched, List<float[]> later) {

    public GuidanceTask {
        matched = List.copyOf(matched);
        later = List.copyOf(later);
    }
}
