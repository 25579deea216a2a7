package dev.reverie.deploy.it;

import dev.reverie.deploy.client.ServiceClient;
import dev.reverie.deploy.client.ServiceException;
import dev.reverie.gpu.dataset.NpzSamples;
import dev.reverie.streams.service.HeldOutAccuracy;
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
            ServiceClient client, IntFunction<NpzSamples> deliveries, Predicate<HeldOutAccuracy> enough)
            throws ServiceException {
        Optional<HeldOutAccuracy> found = Optional.empty();
        for (int number = 1; found.isEmpty(); number++) {
            client.deliver(deliveries.apply(number));
            found = client.status().accuracy().filter(enough);
        }
        return found.get();
    }
}
