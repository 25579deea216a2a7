package dev.reverie.deploy.it;

import dev.reverie.client.HeldOutAccuracy;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Sends new images until the service has evaluated its memory on them. */
final class NewImages {

    private NewImages() {}

    /**
     * Sends deliveries of distinct images until the service reports a suitable accuracy.
     *
     * @param deliveries creates the delivery with a number, from 1
     */
    static HeldOutAccuracy deliverUntil(
            ReverieClient client, IntFunction<Samples> deliveries, Predicate<HeldOutAccuracy> enough)
            throws ReverieException {
        Optional<HeldOutAccuracy> found = Optional.empty();
        for (int number = 1; found.isEmpty(); number++) {
            client.deliver(deliveries.apply(number));
            found = client.status().accuracy().filter(enough);
        }
        return found.get();
    }
}
