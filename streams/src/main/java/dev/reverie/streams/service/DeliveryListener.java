package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Receives the deliveries that ingest sources pass to a service. Called from any thread, so implementations must be
 * quick and thread safe.
 */
@FunctionalInterface
public interface DeliveryListener {

    /** Ignores all deliveries. */
    DeliveryListener NONE = _ -> _ -> {};

    /**
     * Called when a delivery is passed to the service.
     *
     * @return called once with the outcome, or with an empty value if the service failed to process the delivery
     */
    Consumer<Optional<DeliveryOutcome>> passed(Delivery delivery);
}
