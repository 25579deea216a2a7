/**
 * The path of labelled images into a running service. A {@link dev.reverie.actors.intake.Delivery} reaches the
 * {@link dev.reverie.actors.intake.IntakeActor}, which passes it to its {@code DeliveryProcessor}. In the
 * {@code DeliveryExamination}, the actors of the classes examine their parts and reserve the ids of the new samples.
 * The delivery stays in {@code UndecidedDeliveries} until all of them have replied. The {@code DeliveryValidator} then
 * refuses or defers the delivery as a whole, or the {@code DeliverySender} sends the new samples to their classes. The
 * delivery stays in {@code PendingDeliveries} until all of these classes have made their samples durable; then the
 * sender gets its {@link dev.reverie.actors.intake.DeliveryOutcome}.
 *
 * <p>The {@code ClassSupervisor} registers, opens and removes the classes, which {@code ClassTable} holds. It reaches
 * them through a {@link dev.reverie.actors.intake.ClassDirectory}.
 */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
