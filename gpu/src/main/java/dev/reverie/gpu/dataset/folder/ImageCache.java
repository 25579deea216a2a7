package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.FileErrorMessages;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
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

    /** Part of each checksum. Must be raised when the decoding or resizing changes, so that old images are not used. */
    private static final int VERSION = 1;

    /** What is left free on the disk, for the results of the run and for other programs. */
    private static final long LEAST_FREE_BYTES = 2L << 30;

    private final Path folder;
    private final TargetSize size;
    /** Empty if the file cannot be read or written: then pictures are decoded whenever they are needed. */
    private volatile Optional<FileChannel> file = Optional.empty();

    private boolean isGivenUp;

    private ImageCache(Path folder, TargetSize size) {
        this.folder = folder;
        this.size = size;
    }

    /** Opens the cache of some classes of a folder, and deletes the caches of folders that no longer exist. */
    static ImageCache open(DataHome home, FolderDataset pictures, Resizing resizing) {
        CacheFolder caches = new CacheFolder(home.folderOf("resized"));
        ImageCache cache = new ImageCache(caches.root(), resizing.size());
        try {
            caches.deleteObsolete();
            Path path = caches.create(pictures.root()).resolve(name(pictures.classes(), resizing));
            cache.file = Optional.of(FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            cache.giveUp(FileErrorMessages.describe(e));
        }
        return cache;
    }

    private static String name(List<String> classes, Resizing resizing) {
        String name = resizing.size() + "-" + resizing.fit().label();
        return classes.isEmpty() ? name : name + "-" + Integer.toHexString(classes.hashCode());
    }

    /** Returns the image at a place, if it was written there for this picture. */
    Optional<Image> get(int place, PictureFile picture) {
        return file.flatMap(opened -> read(opened, place)).flatMap(bytes -> image(bytes, picture));
    }

    private Optional<ByteBuffer> read(FileChannel opened, int place) {
        ByteBuffer bytes = ByteBuffer.allocate(placeSize());
        try {
            long from = (long) place * placeSize();
            for (int read = 0; read >= 0 && bytes.hasRemaining(); ) {
                read = opened.read(bytes, from + bytes.position());
            }
        } catch (IOException e) {
            giveUp(FileErrorMessages.describe(e));
        }
        return bytes.hasRemaining() ? Optional.empty() : Optional.of(bytes.flip());
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

    /** Writes an image, as long as the file can be read and written and the disk has space. */
    void put(int place, PictureFile picture, Image image) {
        file.ifPresent(opened -> {
            if (folder.toFile().getUsableSpace() < LEAST_FREE_BYTES) {
                giveUp("less than " + (LEAST_FREE_BYTES >> 30) + " GiB are free");
            } else {
                write(opened, place, bytes(picture, image));
            }
        });
    }

    private ByteBuffer bytes(PictureFile picture, Image image) {
        byte[] levels = new byte[image.shape().size()];
        image.levels().get(levels);
        return ByteBuffer.allocate(placeSize())
                .putInt(checksum(picture, levels))
                .put((byte) image.shape().channels())
                .put(levels)
                .rewind();
    }

    private void write(FileChannel opened, int place, ByteBuffer bytes) {
        try {
            long from = (long) place * placeSize();
            while (bytes.hasRemaining()) {
                opened.write(bytes, from + bytes.position());
            }
        } catch (IOException e) {
            giveUp(FileErrorMessages.describe(e));
        }
    }

    /** Does without the file from now on. Of several threads that fail, only the first one warns. */
    private synchronized void giveUp(String reason) {
        if (isGivenUp) {
            return;
        }
        isGivenUp = true;
        file = Optional.empty();
        LOG.warn(
                "Cannot use the cache of resized images in {} ({}). Pictures are decoded whenever they are needed, which"
                        + " is slower; to avoid this, free space, or set {} to a folder that can be written.",
                folder,
                reason,
                DataHome.VARIABLE);
    }

    private static int checksum(PictureFile picture, byte[] levels) {
        CRC32C checksum = new CRC32C();
        picture.addTo(checksum);
        checksum.update(ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putInt(VERSION)
                .putLong(picture.bytes())
                .putLong(picture.modifiedMillis())
                .flip());
        checksum.update(levels);
        return (int) checksum.getValue();
    }

    private ImageShape shape(int channels) {
        return new ImageShape(channels, size.height(), size.width());
    }

    private int placeSize() {
        return HEADER + shape(RGB).size();
    }

    /**
     * The folder of all caches of resized images. The caches of a folder of pictures are in a folder of their own,
     * whose file {@code source} contains the path of the pictures.
     */
    private record CacheFolder(Path root) {

        private static final String SOURCE = "source";

        /** Creates the folder for the caches of a folder of pictures, unless it exists. */
        Path create(Path pictures) throws IOException {
            String source = pictures.toRealPath().toString();
            Path directory = Files.createDirectories(of(source));
            Path file = directory.resolve(SOURCE);
            if (!Files.exists(file)) {
                Files.writeString(file, source);
            }
            return directory;
        }

        private Path of(String source) {
            return root.resolve(UUID.nameUUIDFromBytes(source.getBytes(StandardCharsets.UTF_8))
                    .toString());
        }

        /** Deletes the caches of folders that no longer exist, as far as possible. */
        void deleteObsolete() {
            for (Path directory : entries(root)) {
                if (isObsolete(directory)) {
                    entries(directory).forEach(CacheFolder::delete);
                    delete(directory);
                }
            }
        }

        private boolean isObsolete(Path directory) {
            try {
                String source = Files.readString(directory.resolve(SOURCE));
                return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                        && directory.equals(of(source))
                        && Files.notExists(Path.of(source));
            } catch (IOException | InvalidPathException _) {
                return false;
            }
        }

        private static List<Path> entries(Path directory) {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.toList();
            } catch (IOException _) {
                return List.of();
            }
        }

        private static void delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException _) {
                // another process deletes it, too, or it belongs to another user
            }
        }
    }
}
