package dev.reverie.streams.service;

import dev.reverie.actors.intake.Door;

/** Is told of every delivery that a door does not take in. Called from any thread, so it is quick and thread safe. */
@FunctionalInterface
public interface RefusalListener {

    /**
     * A delivery was refused or deferred.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid} or {@code overloaded}
     * @param samples that are known to be in it, 1 where nothing is known of them
     */
    void refused(Door door, String reason, int samples);
}
