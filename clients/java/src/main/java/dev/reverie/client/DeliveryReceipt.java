package dev.reverie.client;

/**
 * The response to an accepted delivery, whose samples are durable.
 *
 * @param accepted number of new samples
 * @param duplicates number of samples that the service had already accepted
 */
public record DeliveryReceipt(int accepted, int duplicates) {}
