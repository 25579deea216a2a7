package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** How a version of CIFAR writes images and class names. */
sealed interface CifarFormat permits CifarRecords, CifarPickles {

    /** Of every image. */
    ImageShape SHAPE = new ImageShape(3, 32, 32);

    /**
     * Images in file order.
     *
     * @param file what to call it in an error message
     * @param classes that there are
     * @param most images that it may hold
     * @throws dev.reverie.gpu.dataset.DatasetException if it is of another format, truncated, damaged, or names a class
     *     that does not exist
     */
    List<LabelledImage> images(InputStream content, String file, int classes, int most) throws IOException;

    /**
     * Class names by index.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if it is of another format, truncated or damaged
     */
    List<String> classNames(InputStream content, String file) throws IOException;
}
