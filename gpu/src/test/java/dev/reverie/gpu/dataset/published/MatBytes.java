package dev.reverie.gpu.dataset.published;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** Writes MAT-files of level 5 in little-endian order, element by element. */
final class MatBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean compressed;

    MatBytes(boolean compressed) {
        this.compressed = compressed;
        String text = "MATLAB 5.0 MAT-file, Platform: GLNXA64, Created on: Mon Dec  5 21:18:15 2011";
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(" ".repeat(116 - text.length()).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[8]);
        out.writeBytes(new byte[] {0, 1, 'I', 'M'});
    }

    /** An array of unsigned bytes. */
    MatBytes bytes(String name, byte[] values, int... dimensions) {
        return array(name, 9, 2, values, dimensions);
    }

    /**
     * An array.
     *
     * @param kind MATLAB's class
     * @param storage type that its values are stored as
     */
    MatBytes array(String name, int kind, int storage, byte[] values, int... dimensions) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(element(6, ints(kind, 0)));
        body.writeBytes(element(5, ints(dimensions)));
        body.writeBytes(element(1, name.getBytes(StandardCharsets.US_ASCII)));
        body.writeBytes(element(storage, values));
        return element(body.toByteArray());
    }

    private MatBytes element(byte[] body) {
        ByteArrayOutputStream matrix = new ByteArrayOutputStream();
        matrix.writeBytes(ints(14, body.length));
        matrix.writeBytes(body);
        if (compressed) {
            byte[] deflated = deflated(matrix.toByteArray());
            out.writeBytes(ints(15, deflated.length));
            out.writeBytes(deflated);
        } else {
            out.writeBytes(matrix.toByteArray());
        }
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    /** Padded; up to four bytes share the eight bytes of the tag. */
    private byte[] element(int type, byte[] values) {
        boolean small = values.length > 0 && values.length <= 4;
        int padded = small ? 4 : (values.length + 7) / 8 * 8;
        ByteBuffer element = ByteBuffer.allocate((small ? 4 : 8) + padded).order(ByteOrder.LITTLE_ENDIAN);
        if (small) {
            element.putInt(values.length << 16 | type);
        } else {
            element.putInt(type).putInt(values.length);
        }
        return element.put(values).array();
    }

    private byte[] ints(int... values) {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            content.putInt(value);
        }
        return content.array();
    }

    private static byte[] deflated(byte[] content) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        }
    }
}
