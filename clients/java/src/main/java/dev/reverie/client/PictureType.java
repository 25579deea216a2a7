package dev.reverie.client;

/** The media types of pictures. */
final class PictureType {

    private static final int PNG = 0x89;
    private static final int JPEG = 0xff;
    private static final int BYTE = 0xff;

    private PictureType() {}

    /**
     * Returns the media type of a picture.
     *
     * @throws IllegalArgumentException if the first byte is neither that of a PNG nor that of a JPEG
     */
    static String of(byte[] picture) {
        return switch (picture.length == 0 ? 0 : picture[0] & BYTE) {
            case PNG -> "image/png";
            case JPEG -> "image/jpeg";
            default ->
                throw new IllegalArgumentException(
                        "the picture is neither a PNG nor a JPEG: send the content of such a file, or use Samples for pixels");
        };
    }
}
