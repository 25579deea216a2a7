package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Corrects the checksums of a PNG, so that decoders read the content of damaged chunks. */
final class PngChecksums {

    private static final int SIGNATURE = 8;
    private static final int FRAME = 12;

    private PngChecksums() {}

    /** Returns a PNG with correct checksums in all chunks that are not cut off. */
    static byte[] repaired(byte[] png) {
        byte[] repaired = png.clone();
        ByteBuffer buffer = ByteBuffer.wrap(repaired);
        int at = SIGNATURE;
        while (at + FRAME <= repaired.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > repaired.length - at - FRAME) {
                return repaired;
            }
            CRC32 crc = new CRC32();
            crc.update(repaired, at + Integer.BYTES, length + Integer.BYTES);
            buffer.putInt(at + 2 * Integer.BYTES + length, (int) crc.getValue());
            at += length + FRAME;
        }
        return repaired;
    }
}
