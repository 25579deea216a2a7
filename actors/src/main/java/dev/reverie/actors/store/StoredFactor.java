package dev.reverie.actors.store;

import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What a store says about the multi-formation factor of its images.
 *
 * @param store name of the store, for messages
 * @param value the factor, at least 1, or {@link #CHOSEN_BY_IMAGES}
 */
record StoredFactor(String store, int value) {

    /** Instead of a factor: the images choose it. */
    static final int CHOSEN_BY_IMAGES = -1;

    /** Refuses a value that only a later version knows. */
    StoredFactor {
        if (value < 1 && value != CHOSEN_BY_IMAGES) {
            throw new StoreException("the store " + store + " has the unknown factor " + value
                    + ": use the version of Reverie that wrote it");
        }
    }

    /** Refuses a store that has another factor, or whose images choose it. */
    void require(int factor) {
        if (value == CHOSEN_BY_IMAGES) {
            throw new StoreException("the images in the store " + store + " choose the factor: set"
                    + " reverie.learning.factor to auto and reverie.learning.method to dm, or start a new store");
        }
        if (value != factor) {
            throw new StoreException("the store " + store + " has images learned with factor " + value + ", not "
                    + factor + ": set reverie.learning.factor to " + value
                    + ", set reverie.learning.method to a method with this factor, or start a new store");
        }
    }

    /** This factor, or the one that the images have chosen if they choose it and it is known. */
    StoredFactor orChosen(Supplier<OptionalInt> chosen) {
        return value == CHOSEN_BY_IMAGES ? new StoredFactor(store, chosen.get().orElse(value)) : this;
    }

    /** The factor of all images; empty if they choose it. */
    OptionalInt fixed() {
        return value == CHOSEN_BY_IMAGES ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
