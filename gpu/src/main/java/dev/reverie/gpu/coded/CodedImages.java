package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.ImageBatch;

/** The stored images of a class as one picture. Immutable; compared by identity. */
public final class CodedImages {

    private final byte[] picture;
    private final PictureFormat format;
    private final int quality;
    private final PictureLayout layout;
    private final int count;

    CodedImages(byte[] picture, PictureFormat format, int quality, PictureLayout layout, int count) {
        this.picture = picture;
        this.format = format;
        this.quality = quality;
        this.layout = layout;
        this.count = count;
    }

    /** Returns a copy of the picture. */
    public byte[] bytes() {
        return picture.clone();
    }

    /** Size of the picture, in bytes. */
    public int size() {
        return picture.length;
    }

    public PictureFormat format() {
        return format;
    }

    /** The quality that was used. */
    public int quality() {
        return quality;
    }

    public int count() {
        return count;
    }

    public int cellWidth() {
        return layout.cellWidth();
    }

    public int cellHeight() {
        return layout.cellHeight();
    }

    /** The images in bytes. They are decoded each time. */
    public ImageBatch decoded() {
        return layout.read(format.decodeOwn(picture), count);
    }
}
