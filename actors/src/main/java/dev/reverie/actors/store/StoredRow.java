package dev.reverie.actors.store;

import org.apache.pekko.util.ByteString;

/** A row of a store, independent of the kind of database. */
public sealed interface StoredRow {

    /** The persistent actor that wrote the row. */
    String persistenceId();

    /** Position of the row in the journal of its actor, from 1. */
    long sequenceNumber();

    /** Name and version of the format of the payload, as in {@code samples-admitted:1}. */
    String manifest();

    ByteString payload();

    /**
     * An event of the journal.
     *
     * @param deleted whether Pekko has marked the event as deleted
     * @param writer identifies the incarnation of the actor that wrote the event
     * @param written time of the write, in milliseconds since 1970
     * @param serializer number of the serializer of the payload
     */
    record Event(
            String persistenceId,
            long sequenceNumber,
            boolean deleted,
            String writer,
            long written,
            String adapterManifest,
            int serializer,
            String manifest,
            ByteString payload)
            implements StoredRow {}

    /**
     * A snapshot of an actor's state after the event with the same sequence number.
     *
     * @param created time of the write, in milliseconds since 1970
     * @param serializer number of the serializer of the payload
     */
    record Snapshot(
            String persistenceId,
            long sequenceNumber,
            long created,
            int serializer,
            String manifest,
            ByteString payload)
            implements StoredRow {}
}
