package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.StrictUtf8;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary version of CIFAR: a sequence of records, each with one or more labels and 3,072 bytes of pixels in
 * channel-first order. The class names are lines of text.
 *
 * @param labelBytes number of one-byte labels before the pixels; the last one, the fine label, is used
 */
record CifarRecords(int labelBytes) implements CifarFormat {

    /** The most bytes of class names that are read; the published lists are far shorter. */
    private static final int MAX_NAMES_BYTES = 1 << 16;

    @Override
    public List<LabelledImage> images(InputStream content, String file, int classes, int most) throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        byte[] buffer = new byte[labelBytes + SHAPE.size()];
        for (int length = read(content, buffer); length > 0; length = read(content, buffer)) {
            if (length < buffer.length) {
                throw new DatasetException(file + " is truncated or of another dataset: its size of "
                        + ((long) images.size() * buffer.length + length) + " bytes is not a multiple of "
                        + buffer.length + DatasetException.FETCH_AGAIN);
            }
            int label = Byte.toUnsignedInt(buffer[labelBytes - 1]);
            if (label >= classes) {
                throw DatasetErrors.label(file, label, images.size(), classes);
            }
            if (images.size() == most) {
                throw new DatasetException(file + " has more images than the " + most + " that were published"
                        + DatasetException.FETCH_AGAIN);
            }
            images.add(new LabelledImage(Image.of(SHAPE, buffer, labelBytes, SHAPE.size()), label));
        }
        if (images.isEmpty()) {
            throw new DatasetException(file + " is empty" + DatasetException.FETCH_AGAIN);
        }
        return images;
    }

    private static int read(InputStream content, byte[] buffer) throws IOException {
        return content.readNBytes(buffer, 0, buffer.length);
    }

    @Override
    public List<String> classNames(InputStream content, String file) throws IOException {
        byte[] text = content.readNBytes(MAX_NAMES_BYTES);
        return text(text, file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String text(byte[] content, String file) {
        try {
            return StrictUtf8.decode(content);
        } catch (CharacterCodingException e) {
            throw DatasetErrors.notText(file, e);
        }
    }
}
