package dev.reverie.actors.telemetry;

/**
 * How many classes live on a node, and how many have come and gone since its process started.
 *
 * @param present number of classes that live on the node
 * @param arrived how often a class has started on the node
 * @param handedOver how often a class has left the node for another one
 * @param fenced how often the store has rejected a write of a class, because another node had started it
 */
public record ClassMoves(int present, long arrived, long handedOver, long fenced) {}
