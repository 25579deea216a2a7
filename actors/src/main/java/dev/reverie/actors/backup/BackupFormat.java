package dev.reverie.actors.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The bytes of a backup, all big-endian: magic (8 bytes), version (4), and records. A record is its type (1), the
 * length of its body (4), a checksum of these two and of the record's number from 0, which is not written (4), the
 * body, and a checksum of the body (4). The checksums are CRC32C. Since the number takes part in the checksum, a record
 * that is missing, repeated or in another place is noticed at once, and a damaged length is noticed before anything of
 * this length is read. Zeros between records mean nothing: a service that is reading its store sends one from time to
 * time, so that its client and proxies know that it is alive. Strings in a body are in Java's modified UTF-8 with a
 * length of 2 bytes, as {@link java.io.DataOutput#writeUTF} writes them. The data of a row consists of the id of its
 * serializer (4), its manifest, and its payload, which takes the rest of the body.
 */
final class BackupFormat {

    static final byte[] MAGIC = "RVBACKUP".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 2;
    /** The bytes between records. Version 1 has none. */
    static final byte FILLER = 0;
    /** Bytes of the magic and the version. */
    static final int PREFIX = 8 + Integer.BYTES;

    /** Time in ms (8), format of the tables (4), factor, 0 or less without one (4), total size of all payloads (8). */
    static final byte HEADER = 'H';
    /** Persistence id, sequence number (8), deleted (1), writer, time in ms (8), manifest of the adapter, data. */
    static final byte EVENT = 'E';
    /** Persistence id, sequence number (8), time in ms (8), data. */
    static final byte SNAPSHOT = 'S';
    /** Number of events (8), number of snapshots (8). */
    static final byte END = 'Z';
    /** The reason. */
    static final byte ABORTED = 'X';

    static final int NO_FACTOR = 0;

    /** Bytes of a record before its body. */
    static final int RECORD_HEAD = 1 + 2 * Integer.BYTES;

    static final int CHECKSUM = Integer.BYTES;

    private BackupFormat() {}

    static byte[] frame(long number, byte type, byte[] body) {
        return ByteBuffer.allocate(RECORD_HEAD + body.length + CHECKSUM)
                .put(type)
                .putInt(body.length)
                .putInt(headChecksum(number, type, body.length))
                .put(body)
                .putInt(checksum(body))
                .array();
    }

    static int headChecksum(long number, byte type, int length) {
        return checksum(ByteBuffer.allocate(Long.BYTES + 1 + Integer.BYTES)
                .putLong(number)
                .put(type)
                .putInt(length)
                .array());
    }

    static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }
}
