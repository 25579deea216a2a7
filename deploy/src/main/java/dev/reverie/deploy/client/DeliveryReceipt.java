package dev.reverie.deploy.client;

/**
 * What became of a delivery that was taken in; both are durable.
 *
 * @param accepted samples that were new
 * @param duplicates samples that were known
 */
public record DeliveryReceipt(int accepted, int duplicates) {}
