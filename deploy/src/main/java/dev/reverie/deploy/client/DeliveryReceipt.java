package dev.reverie.deploy.client;

/**
 * The answer to an accepted delivery; both numbers are durable.
 *
 * @param accepted number of new samples
 * @param duplicates number of duplicates
 */
public record DeliveryReceipt(int accepted, int duplicates) {}
