CREATE TABLE IF NOT EXISTS reverie_store (
    format INTEGER NOT NULL,
    factor INTEGER,
    touched INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS event_journal (
    persistence_id TEXT NOT NULL,
    sequence_number INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    writer TEXT NOT NULL,
    write_timestamp INTEGER NOT NULL,
    adapter_manifest TEXT NOT NULL,
    event_ser_id INTEGER NOT NULL,
    event_ser_manifest TEXT NOT NULL,
    event_payload BLOB NOT NULL,
    checksum BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id TEXT NOT NULL,
    sequence_number INTEGER NOT NULL,
    created INTEGER NOT NULL,
    snapshot_ser_id INTEGER NOT NULL,
    snapshot_ser_manifest TEXT NOT NULL,
    snapshot_payload BLOB NOT NULL,
    checksum BLOB NOT NULL
) STRICT;
/* Indices rather than primary keys, so that one that does not match its damaged rows can be dropped. */
CREATE UNIQUE INDEX IF NOT EXISTS event_journal_key ON event_journal (persistence_id, sequence_number);
CREATE UNIQUE INDEX IF NOT EXISTS snapshot_key ON snapshot (persistence_id, sequence_number);
