package dev.reverie.deploy.cli;

import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;

/** Which matching networks a run keeps, and how it uses them. */
enum Networks {
    /** A single network, which is replaced in each outer iteration. */
    FRESH(1),
    /** The networks of the last outer iterations, of which the newest is trained. */
    POOL(5),
    /** The networks of the last outer iterations, of which a random one is trained after each loop. */
    QUEUE(5);

    private final int count;

    Networks(int count) {
        this.count = count;
    }

    /**
     * Returns the settings of a method, changed to use these networks. The weights of the networks in a pool are varied
     * in each class step, because a pool with fixed weights gains little (Acc-DD). A method that has a queue keeps the
     * length of its queue.
     */
    NetworkSettings of(NetworkSettings base) {
        NetworkVariation published = base.variation();
        boolean queued = published == NetworkVariation.QUEUED;
        return switch (this) {
            case FRESH -> base.withPool(count).withVariation(queued ? NetworkVariation.NONE : published);
            case POOL ->
                base.withPool(count)
                        .withVariation(published == NetworkVariation.BLENDED ? published : NetworkVariation.PERTURBED);
            case QUEUE -> queued ? base : base.withPool(count).withVariation(NetworkVariation.QUEUED);
        };
    }
}
