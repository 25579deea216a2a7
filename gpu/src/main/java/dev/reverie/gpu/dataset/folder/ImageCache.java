package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of resized images, all in places of one size: a checksum, the number of channels, and the levels. The checksum
 * covers the name, size and time of change of the picture too, so a place is valid only for the picture that it was
 * written for, and for that only if it was written completely. Several threads and processes may share the file: the
 * worst that can happen is that a picture is decoded again. Places that were never written take no space on disk.
 */
final class ImageCache {

    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);
    private static final int RGB = 3;
    private static final int HEADER = Integer.BYTES + 1;

    private final Path path;
    private final FileChannel file;
    private final TargetSize size;
    private final AtomicBoolean failed = new AtomicBoolean();

    private ImageCache(Path path, FileChannel file, TargetSize size) {
        this.path = path;
        this.file = file;
        this.size = size;
    }

    /**
     * Opens the cache of a folder, and deletes the caches of folders that no longer exist.
     *
     * @param home the caches are in its folder {@code resized}
     * @throws DatasetException if the cache cannot be written
     */
    static ImageCache open(DataHome home, Path root, Resizing resizing) {
        CacheFolder folder = new CacheFolder(home.directoryOf("resized"));
        Path path = folder.directoryOf(root)
                .resolve(resizing.size() + "-" + resizing.fit().label());
        try {
            folder.deleteObsolete();
            folder.create(root);
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new ImageCache(path, file, resizing.size());
        } catch (IOException e) {
            throw new DatasetException(
                    "cannot write " + path + ", the cache of resized images: free space, or set " + DataHome.VARIABLE
                            + " to a folder that can be written",
                    e);
        }
    }

    /** Returns the image at a place, if it was written there for this picture. */
    Optional<Image> get(int place, PictureFile picture) {
        ByteBuffer bytes = ByteBuffer.allocate(placeSize());
        try {
            long from = (long) place * placeSize();
            for (int read = 0; read >= 0 && bytes.hasRemaining(); ) {
                read = file.read(bytes, from + bytes.position());
            }
        } catch (IOException e) {
            report("read", e);
            return Optional.empty();
        }
        return bytes.hasRemaining() ? Optional.empty() : image(bytes.flip(), picture);
    }

    private Optional<Image> image(ByteBuffer bytes, PictureFile picture) {
        int checksum = bytes.getInt();
        int channels = bytes.get();
        if (channels != 1 && channels != RGB) {
            return Optional.empty();
        }
        ImageShape shape = shape(channels);
        byte[] levels = new byte[shape.size()];
        bytes.get(levels);
        return checksum == checksum(picture, levels) ? Optional.of(Image.of(shape, levels)) : Optional.empty();
    }

    /** Writes an image, unless that has failed before: then pictures are decoded whenever they are needed. */
    void put(int place, PictureFile picture, Image image) {
        if (failed.get()) {
            return;
        }
        byte[] levels = new byte[image.shape().size()];
        image.levels().get(levels);
        ByteBuffer bytes = ByteBuffer.allocate(placeSize());
        bytes.putInt(checksum(picture, levels))
                .put((byte) image.shape().channels())
                .put(levels)
                .rewind();
        try {
            long from = (long) place * placeSize();
            while (bytes.hasRemaining()) {
                file.write(bytes, from + bytes.position());
            }
        } catch (IOException e) {
            report("write", e);
        }
    }

    private void report(String action, IOException failure) {
        if (!failed.getAndSet(true)) {
            LOG.warn(
                    "cannot {} {}, the cache of resized images ({}): pictures are decoded whenever they are needed,"
                            + " which is slower",
                    action,
                    path,
                    failure.getMessage());
        }
    }

    private static int checksum(PictureFile picture, byte[] levels) {
        CRC32C checksum = new CRC32C();
        picture.addTo(checksum);
        checksum.update(
                ByteBuffer.allocate(Long.BYTES).putLong(picture.changed()).flip());
        checksum.update(levels);
        return (int) checksum.getValue();
    }

    private ImageShape shape(int channels) {
        return new ImageShape(channels, size.height(), size.width());
    }

    private int placeSize() {
        return HEADER + shape(RGB).size();
    }
}
