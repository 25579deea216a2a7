package dev.reverie.streams.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds valid and invalid NPZ archives. */
public final class NpzBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(out);

    /** Starts a batch of grey 2x2 images, from black to white, one per label. */
    public static NpzBytes greyImages(List<String> labels) {
        byte[] pixels = new byte[labels.size() * 4];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7);
        }
        return new NpzBytes()
                .array("images", "|u1", "(%d, 2, 2)".formatted(labels.size()), pixels)
                .texts("labels", labels);
    }

    /** Adds an array of texts of up to 16 characters. */
    public NpzBytes texts(String name, List<String> texts) {
        int longest = texts.stream().mapToInt(String::length).max().orElse(1);
        ByteBuffer data = ByteBuffer.allocate(texts.size() * longest * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < texts.size(); i++) {
            data.position(i * longest * 4);
            texts.get(i).codePoints().forEach(data::putInt);
        }
        return array(name, "<U" + longest, "(%d,)".formatted(texts.size()), data.array());
    }

    public NpzBytes integers(String name, long... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            data.putLong(value);
        }
        return array(name, "<i8", "(%d,)".formatted(values.length), data.array());
    }

    public NpzBytes floats(String name, String shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return array(name, "<f4", shape, data.array());
    }

    public NpzBytes array(String name, String type, String shape, byte[] data) {
        return array(name, type, "False", shape, data);
    }

    /** Adds an array with any header, valid or not. */
    public NpzBytes array(String name, String type, String fortran, String shape, byte[] data) {
        return entry(name + ".npy", npy(type, fortran, shape, data));
    }

    /** Returns an NPY file with any header, valid or not. */
    public static byte[] npy(String type, String fortran, String shape, byte[] data) {
        String dictionary = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }".formatted(type, fortran, shape);
        byte[] text = dictionary.getBytes(StandardCharsets.UTF_8);
        ByteBuffer npy = ByteBuffer.allocate(10 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        return npy.putShort((short) text.length).put(text).put(data).array();
    }

    /** Adds an entry with any name and content. */
    public NpzBytes entry(String name, byte[] content) {
        try {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] toBytes() {
        try {
            zip.close();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
