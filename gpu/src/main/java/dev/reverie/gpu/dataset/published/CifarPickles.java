package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The Python version of CIFAR: pickled dictionaries that contain lists and a NumPy array {@code data} with one row of
 * 3,072 bytes per image.
 *
 * @param labels key of the list of labels
 * @param names key of the list of class names
 */
record CifarPickles(String labels, String names) implements CifarFormat {

    @Override
    public List<LabelledImage> images(InputStream content, String file, int classes, int most) throws IOException {
        try {
            PickledDictionary pickle = new PickleReader(content).read();
            return images(pickle.table("data"), pickle.list(labels, Integer.class), file, classes, most);
        } catch (FileFormatException e) {
            throw new DatasetException(file + " " + e.getMessage() + DatasetException.FETCH_AGAIN, e);
        }
    }

    private static List<LabelledImage> images(
            PickledDictionary.Table data, List<Integer> labels, String file, int classes, int most) {
        if (data.columns() != SHAPE.size()) {
            throw new DatasetException(file + " has rows of " + data.columns() + " bytes instead of " + SHAPE.size()
                    + DatasetException.FETCH_AGAIN);
        }
        if (data.rows() != labels.size()) {
            throw new DatasetException(file + " contains " + data.rows() + " images but " + labels.size() + " labels"
                    + DatasetException.FETCH_AGAIN);
        }
        if (data.rows() > most) {
            throw new DatasetException(
                    file + " has more images than the " + most + " that were published" + DatasetException.FETCH_AGAIN);
        }
        List<LabelledImage> images = new ArrayList<>(data.rows());
        byte[] pixels = new byte[SHAPE.size()];
        for (int i = 0; i < data.rows(); i++) {
            int label = labels.get(i);
            if (label < 0 || label >= classes) {
                throw DatasetErrors.label(file, label, i, classes);
            }
            data.copyRow(i, pixels);
            images.add(new LabelledImage(Image.of(SHAPE, pixels), label));
        }
        return images;
    }

    @Override
    public List<String> classNames(InputStream content, String file) throws IOException {
        try {
            return new PickleReader(content).read().list(names, String.class);
        } catch (FileFormatException e) {
            throw new DatasetException(file + " " + e.getMessage() + DatasetException.FETCH_AGAIN, e);
        }
    }
}
