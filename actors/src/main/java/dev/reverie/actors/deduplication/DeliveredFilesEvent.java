package dev.reverie.actors.deduplication;

import dev.reverie.actors.serialization.Transferable;

/** A change of the record of delivered files. */
public sealed interface DeliveredFilesEvent extends Transferable {

    /** The keys that the event adds or removes. */
    FileKeys keys();

    /** Files were delivered. Durable together with their samples. */
    record Added(FileKeys keys) implements DeliveredFilesEvent {}

    /** The ingest source no longer has these files and will not deliver them again. */
    record Removed(FileKeys keys) implements DeliveredFilesEvent {}
}
