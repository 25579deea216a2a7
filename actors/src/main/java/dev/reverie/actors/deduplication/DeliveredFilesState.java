package dev.reverie.actors.deduplication;

import dev.reverie.actors.serialization.Transferable;

/**
 * The durable record of the files that were delivered and that their ingest source still has. Immutable.
 *
 * @param added number of files added so far
 * @param keys the keys of the files
 */
public record DeliveredFilesState(long added, FileKeys keys) implements Transferable {

    /** The record before the first file. */
    public static final DeliveredFilesState NONE = new DeliveredFilesState(0, FileKeys.NONE);

    DeliveredFilesState after(DeliveredFilesEvent event) {
        return switch (event) {
            case DeliveredFilesEvent.Added(var files) ->
                new DeliveredFilesState(added + files.size(), keys.with(files));
            case DeliveredFilesEvent.Removed(var files) -> new DeliveredFilesState(added, keys.without(files));
        };
    }
}
