package dev.reverie.deploy.replay;

import dev.reverie.client.ImageShape;
import dev.reverie.client.Samples;
import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.util.List;

/** Turns images of a dataset into samples that the client sends. */
public final class ImageSamples {

    private ImageSamples() {}

    /**
     * Returns the images with their labels.
     *
     * @param images at least one, all of the same shape
     * @param labels one per image
     */
    public static Samples of(List<Image> images, List<String> labels) {
        var shape = images.getFirst().shape();
        ByteBuffer pixels = ByteBuffer.allocate(images.size() * shape.size());
        images.forEach(image -> pixels.put(image.levels()));
        return Samples.of(new ImageShape(shape.channels(), shape.height(), shape.width()), pixels.array(), labels);
    }
}
