package dev.reverie.actors.store;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a store says about the multi-formation factor of its images.
 *
 * @param store name of the store, for messages
 * @param value the factor, at least 1, or the {@linkplain FactorRule#mark mark} of the rule by which the images choose
 *     it
 */
public record StoredFactor(String store, int value) {

    /** Refuses a value that only a later version knows. */
    public StoredFactor {
        if (value < 1 && FactorRule.ofMark(value).isEmpty()) {
            throw new StoreException("the store " + store + " has the unknown factor " + value
                    + ": use the version of Reverie that wrote it");
        }
    }

    /** Refuses a store that has another factor, or whose images choose it. */
    void require(int factor) {
        if (fixed().isEmpty()) {
            throw new StoreException("the images in the store " + store + " choose the factor: set"
                    + " reverie.learning.factor to auto and reverie.learning.method to dm, or start a new store");
        }
        if (value != factor) {
            throw new StoreException("the store " + store + " has images learned with factor " + value + ", not "
                    + factor + ": set reverie.learning.factor to " + value
                    + ", set reverie.learning.method to a method with this factor, or start a new store");
        }
    }

    /** This factor, or the one that the images have chosen by a rule if they choose it and it is known. */
    StoredFactor orChosen(Function<FactorRule, OptionalInt> chosen) {
        return value > 0 ? this : new StoredFactor(store, chosen.apply(rule()).orElse(value));
    }

    /** The factor of all images; empty if they choose it. */
    public OptionalInt fixed() {
        return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private FactorRule rule() {
        return FactorRule.ofMark(value).orElseThrow();
    }

    /** The factor of all images, which have a shape, if a method learns them. */
    public int of(Method method, ImageShape shape) {
        return value > 0 ? value : rule().factor(method, shape);
    }
}
