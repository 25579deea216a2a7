package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState;
import java.util.List;

/**
 * What took part in one inner loop.
 *
 * @param loop inner loops of the run before it, counted through all outer iterations
 * @param inner inner loops of its outer iteration before it
 * @param network on which it matched
 * @param views by class index
 */
record LoopSnapshot(int loop, int inner, NetworkState network, List<View> views) {

    LoopSnapshot {
        views = List.copyOf(views);
    }

    /**
     * One class.
     *
     * @param stored its synthetic images before its step
     * @param real its real batch
     */
    record View(ImageBatch stored, List<Image> real) {}
}
