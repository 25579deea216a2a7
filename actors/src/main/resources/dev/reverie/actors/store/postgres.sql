CREATE TABLE IF NOT EXISTS reverie_store (
    format INTEGER NOT NULL,
    factor INTEGER
);
CREATE TABLE IF NOT EXISTS event_journal (
    ordering BIGSERIAL UNIQUE,
    persistence_id VARCHAR(255) NOT NULL,
    sequence_number BIGINT NOT NULL,
    deleted BOOLEAN DEFAULT FALSE NOT NULL,
    writer VARCHAR(255) NOT NULL,
    write_timestamp BIGINT,
    adapter_manifest VARCHAR(255),
    event_ser_id INTEGER NOT NULL,
    event_ser_manifest VARCHAR(255) NOT NULL,
    event_payload BYTEA NOT NULL,
    meta_ser_id INTEGER,
    meta_ser_manifest VARCHAR(255),
    meta_payload BYTEA,
    checksum BYTEA GENERATED ALWAYS AS (
        sha256((persistence_id || ' ' || sequence_number::text || ' ' || deleted::text || ' ' || writer || ' '
            || event_ser_id::text || ' ' || event_ser_manifest || ' ' || encode(sha256(event_payload), 'hex'))::bytea)) STORED,
    PRIMARY KEY (persistence_id, sequence_number)
);
CREATE TABLE IF NOT EXISTS event_tag (
    event_id BIGINT,
    tag VARCHAR(256),
    PRIMARY KEY (event_id, tag),
    FOREIGN KEY (event_id) REFERENCES event_journal(ordering) ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id VARCHAR(255) NOT NULL,
    sequence_number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    snapshot_ser_id INTEGER NOT NULL,
    snapshot_ser_manifest VARCHAR(255) NOT NULL,
    snapshot_payload BYTEA NOT NULL,
    meta_ser_id INTEGER,
    meta_ser_manifest VARCHAR(255),
    meta_payload BYTEA,
    checksum BYTEA GENERATED ALWAYS AS (
        sha256((persistence_id || ' ' || sequence_number::text || ' '
            || snapshot_ser_id::text || ' ' || snapshot_ser_manifest || ' ' || encode(sha256(snapshot_payload), 'hex'))::bytea)) STORED,
    PRIMARY KEY (persistence_id, sequence_number)
);
/* One row, which names the process that opened the store last. */
CREATE TABLE IF NOT EXISTS reverie_owner (
    name VARCHAR(36) NOT NULL
);
/* Up to this sequence number, the events of an actor are obsolete. */
CREATE TABLE IF NOT EXISTS reverie_floor (
    persistence_id VARCHAR(255) PRIMARY KEY,
    floor BIGINT NOT NULL
);
/*
 * Rejects obsolete rows. Without it, a process that was suspended could write a number that another process has used,
 * and has deleted, meanwhile: nobody would read that row. The trigger runs after the insertion, which waits for a
 * deletion of the same number to be committed; before it, the trigger could still see the earlier floor. The lock makes
 * StoreRows.erase wait for transactions that saw the earlier floor, whose rows it could not delete. All actors share 64
 * locks, because the rows of thousands of actors in one transaction could use up the memory of the server for locks.
 */
CREATE OR REPLACE FUNCTION reverie_reject_obsolete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('reverie_floor'), hashtext(NEW.persistence_id) & 63)
    ; IF NEW.sequence_number <= (SELECT floor FROM reverie_floor WHERE persistence_id = NEW.persistence_id) THEN
        RAISE EXCEPTION 'row % of % is obsolete: another process has taken it over', NEW.sequence_number,
            NEW.persistence_id USING ERRCODE = 'check_violation'
    ; END IF
    ; RETURN NULL
    ; END $$;
/* An empty store may be the rest of an earlier one. */
DELETE FROM reverie_floor WHERE NOT EXISTS (SELECT 1 FROM event_journal) AND NOT EXISTS (SELECT 1 FROM snapshot);
/*
 * Changes tables only if that is necessary, because it waits for a running pg_dump or VACUUM. Images are stored as they
 * are, because they do not compress. Stores of earlier versions lack some columns.
 */
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'event_journal'::regclass AND tgname = 'reverie_floor') THEN
        CREATE TRIGGER reverie_floor AFTER INSERT ON event_journal
            FOR EACH ROW EXECUTE FUNCTION reverie_reject_obsolete()
    ; END IF
    ; IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'snapshot'::regclass AND tgname = 'reverie_floor') THEN
        CREATE TRIGGER reverie_floor AFTER INSERT OR UPDATE ON snapshot
            FOR EACH ROW EXECUTE FUNCTION reverie_reject_obsolete()
    ; END IF
    ; IF EXISTS (SELECT 1 FROM pg_attribute
            WHERE attrelid = 'event_journal'::regclass AND attname = 'event_payload' AND attstorage <> 'e') THEN
        ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTERNAL
    ; END IF
    ; IF EXISTS (SELECT 1 FROM pg_attribute
            WHERE attrelid = 'snapshot'::regclass AND attname = 'snapshot_payload' AND attstorage <> 'e') THEN
        ALTER TABLE snapshot ALTER COLUMN snapshot_payload SET STORAGE EXTERNAL
    ; END IF
    ; IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'reverie_store'::regclass AND attname = 'factor') THEN
        ALTER TABLE reverie_store ADD COLUMN factor INTEGER
    ; END IF
    ; IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'event_journal'::regclass AND attname = 'checksum') THEN
        ALTER TABLE event_journal ADD COLUMN checksum BYTEA GENERATED ALWAYS AS (
            sha256((persistence_id || ' ' || sequence_number::text || ' ' || deleted::text || ' ' || writer || ' '
                || event_ser_id::text || ' ' || event_ser_manifest || ' ' || encode(sha256(event_payload), 'hex'))::bytea)) STORED
    ; END IF
    ; IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'snapshot'::regclass AND attname = 'checksum') THEN
        ALTER TABLE snapshot ADD COLUMN checksum BYTEA GENERATED ALWAYS AS (
            sha256((persistence_id || ' ' || sequence_number::text || ' '
                || snapshot_ser_id::text || ' ' || snapshot_ser_manifest || ' ' || encode(sha256(snapshot_payload), 'hex'))::bytea)) STORED
    ; END IF
    ; END $$;
