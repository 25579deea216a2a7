package dev.reverie.actors.deduplication;

import dev.reverie.actors.serialization.Transferable;

/** A change of the record of delivered items. */
public sealed interface DeliveredItemsEvent extends Transferable {

    /** The keys that the event adds or removes. */
    ItemKeys keys();

    /** Items were delivered. Durable together with their samples. */
    record Added(ItemKeys keys) implements DeliveredItemsEvent {}

    /** The ingest source no longer has these items and will not deliver them again. */
    record Removed(ItemKeys keys) implements DeliveredItemsEvent {}
}
