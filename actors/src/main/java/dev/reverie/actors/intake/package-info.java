/**
 * The entry of samples into a service. A delivery goes from an ingest source to the
 * {@link dev.reverie.actors.intake.IntakeActor}, whose {@code PendingDeliveries} check it as a whole
 * ({@code DeliveryCheck}), deal its samples to the actors of their classes, and answer when each class has judged its
 * samples and stored the new ones. The {@code RegistryChanges} register new classes first, and the
 * {@code ClassSupervisor} opens them, each through a {@link dev.reverie.actors.intake.ClassDirectory}.
 */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
