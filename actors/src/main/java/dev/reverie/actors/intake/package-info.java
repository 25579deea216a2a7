/**
 * The path of labelled images into a running service. A {@link dev.reverie.actors.intake.Delivery} reaches the
 * {@link dev.reverie.actors.intake.IntakeActor}, which passes it to its {@code DeliveryProcessor}. The
 * {@code DeliveryValidator} refuses or defers the delivery as a whole, or finds the new samples in it; the processor
 * sends these to the actors of their classes. The delivery stays in {@code PendingDeliveries} until all of these
 * classes have made their samples durable; then the sender gets its {@link dev.reverie.actors.intake.DeliveryOutcome}.
 *
 * <p>The {@code ClassSupervisor} registers, spawns and removes the classes, which {@code ClassTable} holds.
 */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
