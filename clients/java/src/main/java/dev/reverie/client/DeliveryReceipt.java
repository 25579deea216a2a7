package dev.reverie.client;

/**
 * What a service has stored of a delivery: these samples are durable.
 *
 * @param accepted number of new samples
 * @param duplicates number of samples that the service had already accepted
 */
public record DeliveryReceipt(int accepted, int duplicates) {}
