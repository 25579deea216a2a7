package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The file format of a version of CIFAR. */
sealed interface CifarFormat permits CifarRecords, CifarPickles {

    /** The shape of all images. */
    ImageShape SHAPE = new ImageShape(3, 32, 32);

    /**
     * Reads images in file order.
     *
     * @param file name of the file in error messages
     * @param classes number of classes
     * @param most maximum number of images
     * @throws dev.reverie.gpu.dataset.DatasetException if the file has another format, is truncated or damaged, or
     *     contains the label of an unknown class
     */
    List<LabelledImage> images(InputStream content, String file, int classes, int most) throws IOException;

    /**
     * Reads the class names, ordered by class index.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the file has another format, or is truncated or damaged
     */
    List<String> classNames(InputStream content, String file) throws IOException;
}
