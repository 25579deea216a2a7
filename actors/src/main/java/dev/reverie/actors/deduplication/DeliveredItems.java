package dev.reverie.actors.deduplication;

import dev.reverie.actors.serialization.Transferable;

/**
 * The durable record of the items that were delivered and that their ingest source still has. Immutable.
 *
 * @param added number of items added so far
 * @param keys the keys of the items
 */
public record DeliveredItems(long added, ItemKeys keys) implements Transferable {

    /** The record before the first item. */
    public static final DeliveredItems NONE = new DeliveredItems(0, ItemKeys.NONE);

    DeliveredItems after(DeliveredItemsEvent event) {
        return switch (event) {
            case DeliveredItemsEvent.Added(var items) -> new DeliveredItems(added + items.size(), keys.with(items));
            case DeliveredItemsEvent.Removed(var items) -> new DeliveredItems(added, keys.without(items));
        };
    }
}
