package dev.reverie.gpu.dataset.published;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes pickles opcode by opcode, as Python 2 wrote the CIFAR files: protocol 2, strings as bytes, every value stored
 * in the memo.
 */
final class PythonTwo {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int memo = 1;

    /** A file of images, with as many labels. */
    static byte[] batch(String labelsKey, List<Integer> labels, byte[] data) {
        return batch(labelsKey, labels, labels.size(), data);
    }

    /** A file of {@code rows} images. */
    static byte[] batch(String labelsKey, List<Integer> labels, int rows, byte[] data) {
        return new PythonTwo()
                .begin()
                .text("batch_label")
                .text("training batch 1 of 5")
                .text(labelsKey)
                .numbers(labels)
                .text("data")
                .array(rows, data.length / rows, data)
                .text("filenames")
                .texts(labels.stream().map(label -> label + "_s_000001.png").toList())
                .end();
    }

    /** A file of class names. */
    static byte[] meta(String namesKey, List<String> names) {
        return new PythonTwo()
                .begin()
                .text("num_cases_per_batch")
                .number(10_000)
                .text(namesKey)
                .texts(names)
                .text("num_vis")
                .number(3072)
                .end();
    }

    private PythonTwo begin() {
        return bytes(0x80, 2, '}').put().bytes('(');
    }

    private byte[] end() {
        bytes('u', '.');
        return out.toByteArray();
    }

    private PythonTwo bytes(int... bytes) {
        for (int next : bytes) {
            out.write(next);
        }
        return this;
    }

    private PythonTwo ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private PythonTwo put() {
        return bytes('q', memo++ & 0x7f);
    }

    private PythonTwo text(String text) {
        return bytes('U', text.length()).ascii(text).put();
    }

    private PythonTwo number(int number) {
        return number < 256 ? bytes('K', number) : bytes('M', number & 0xff, number >> 8);
    }

    private PythonTwo numbers(List<Integer> numbers) {
        bytes(']').put().bytes('(');
        numbers.forEach(this::number);
        return bytes('e');
    }

    private PythonTwo texts(List<String> texts) {
        bytes(']').put().bytes('(');
        texts.forEach(this::text);
        return bytes('e');
    }

    private PythonTwo array(int rows, int columns, byte[] data) {
        ascii("cnumpy.core.multiarray\n_reconstruct\n")
                .put()
                .ascii("cnumpy\nndarray\n")
                .put();
        bytes('K', 0, 0x85).put().ascii("U\1b");
        return bytes(0x87).put().bytes('R').put().state(rows, columns, data);
    }

    private PythonTwo state(int rows, int columns, byte[] data) {
        bytes('(', 'K', 1).number(rows).number(columns).bytes(0x86).put();
        ascii("cnumpy\ndtype\n")
                .put()
                .ascii("U\2u1")
                .bytes('K', 0, 'K', 1, 0x87)
                .put()
                .bytes('R')
                .put();
        bytes('(', 'K', 3).ascii("U\1|").bytes('N', 'N', 'N').bytes('J', 0xff, 0xff, 0xff, 0xff);
        bytes('J', 0xff, 0xff, 0xff, 0xff, 'K', 0, 't', 'b', 0x89, 'T');
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(data.length)
                .array());
        out.writeBytes(data);
        return bytes('t', 'b');
    }
}
