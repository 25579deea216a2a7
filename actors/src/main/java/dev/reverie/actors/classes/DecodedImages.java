package dev.reverie.actors.classes;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.AbstractList;
import java.util.List;

/** The images of a batch, which are created when they are read. */
final class DecodedImages extends AbstractList<Image> {

    private final ImageBatch batch;

    DecodedImages(ImageBatch batch) {
        this.batch = batch;
    }

    @Override
    public Image get(int index) {
        return batch.pick(List.of(index)).toImages().getFirst();
    }

    @Override
    public int size() {
        return batch.count();
    }
}
