package dev.reverie.gpu.dataset;

import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** Checks the structure of a GIF, BMP, TIFF or WebP, and reads its header, before any pixel is decoded. */
final class PictureHeader {

    /** Memory of the decoder of WebP per pixel, measured. */
    private static final int WEBP_BYTES = 12;

    /** Memory of the decoder of BMP per pixel of a row. */
    private static final int BMP_BYTES = 4;

    /** A TIFF is decoded in strips or tiles, each unpacked once and then converted. */
    private static final int TIFF_COPIES = 2;

    private static final int MAX_BITS = 16;
    private static final int MAX_BANDS = 4;

    /** The compressions of TIFF and BMP with a file of another format inside, whose size and scans nobody checks. */
    private static final Set<Integer> TIFF_WITH_JPEG = Set.of(6, 7);

    private static final Set<Integer> BMP_WITH_FILE = Set.of(4, 5);
    private static final int BMP_HEADER_SIZE = 14;
    private static final int BMP_COMPRESSION = 30;
    private static final int SHORT_BMP_HEADER = 12;

    private static final int CHUNK_HEADER = 8;

    /** {@code EXIF}, read as a number from its last byte to its first. */
    private static final int EXIF = 0x46495845;

    private static final int RIFF_HEADER = 12;

    private PictureHeader() {}

    static CheckedImage check(ImageFormat format, byte[] encoded) throws FileFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        ExifOrientation orientation =
                switch (format) {
                    case TIFF -> ExifOrientation.inTiff(bytes.slice()).orElse(ExifOrientation.UPRIGHT);
                    case WEBP -> orientationOfWebp(bytes);
                    default -> ExifOrientation.UPRIGHT;
                };
        if (format == ImageFormat.BMP
                && bytes.limit() >= BMP_COMPRESSION + Integer.BYTES
                && bytes.getInt(BMP_HEADER_SIZE) != SHORT_BMP_HEADER
                && BMP_WITH_FILE.contains(bytes.getInt(BMP_COMPRESSION))) {
            throw new FileFormatException("is a BMP with a JPEG or PNG inside: send that");
        }
        CheckedImage picture =
                PictureReading.read(format, encoded, reader -> picture(format, reader, orientation, encoded));
        if (picture.width() < 1 || picture.height() < 1) {
            throw new FileFormatException("is a damaged " + format + ": its width or height is 0 or too large");
        }
        return picture;
    }

    private static CheckedImage picture(
            ImageFormat format, ImageReader reader, ExifOrientation orientation, byte[] encoded) throws IOException {
        long working =
                switch (format) {
                    case TIFF -> bytesOfTile(reader);
                    case WEBP -> (long) WEBP_BYTES * reader.getWidth(0) * reader.getHeight(0);
                    case BMP -> (long) BMP_BYTES * reader.getWidth(0);
                    default -> 0;
                };
        return new CheckedImage(
                format,
                reader.getWidth(0),
                reader.getHeight(0),
                false,
                Optional.empty(),
                OptionalInt.empty(),
                orientation,
                working,
                ByteBuffer.wrap(encoded));
    }

    /** Checks how the pixels are stored, and returns the memory for a strip or tile of them. */
    private static long bytesOfTile(ImageReader reader) throws IOException {
        TIFFDirectory tags = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        SampleModel samples = reader.getRawImageType(0).getSampleModel();
        int bands = samples.getNumBands();
        boolean wide = IntStream.range(0, bands).anyMatch(band -> samples.getSampleSize(band) > MAX_BITS);
        if (wide || bands > MAX_BANDS || samples.getTransferType() == DataBuffer.TYPE_SHORT) {
            throw new FileFormatException("is a TIFF whose pixels are not up to four unsigned numbers of up to 16 bits:"
                    + " save it with 8 bits per channel");
        }
        TIFFField compression = tags.getTIFFField(BaselineTIFFTagSet.TAG_COMPRESSION);
        if (compression != null && TIFF_WITH_JPEG.contains(compression.getAsInt(0))) {
            throw new FileFormatException(
                    "is a TIFF with a JPEG inside: save it with another compression, or as a JPEG");
        }
        TIFFField bits = tags.getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
        if (bands > 1 && bits == null) { // the reader would assume one bit
            throw new FileFormatException("is a truncated TIFF: the number of bits is missing; supply the whole file");
        }
        int bytes = samples.getTransferType() == DataBuffer.TYPE_BYTE ? 1 : Short.BYTES;
        return (long) TIFF_COPIES * bytes * bands * reader.getTileWidth(0) * reader.getTileHeight(0);
    }

    /** Walks through the chunks, which tell whether the file is whole. */
    private static ExifOrientation orientationOfWebp(ByteBuffer bytes) throws FileFormatException {
        Optional<ExifOrientation> orientation = Optional.empty();
        long end = CHUNK_HEADER + Integer.toUnsignedLong(bytes.getInt(Integer.BYTES));
        long position = RIFF_HEADER;
        while (position + CHUNK_HEADER <= Math.min(end, bytes.limit())) {
            int start = (int) position + CHUNK_HEADER;
            long size = Integer.toUnsignedLong(bytes.getInt(start - Integer.BYTES));
            position = start + size + size % 2;
            boolean isExif = bytes.getInt(start - CHUNK_HEADER) == EXIF;
            if (isExif && orientation.isEmpty() && position <= bytes.limit()) {
                orientation = ExifOrientation.inTiff(bytes.slice(start, (int) size));
            }
        }
        if (position > end + 1 || end > bytes.limit()) { // the last chunk may lack its padding
            throw new FileFormatException("is a truncated or damaged WebP: supply the whole file");
        }
        return orientation.orElse(ExifOrientation.UPRIGHT);
    }
}
