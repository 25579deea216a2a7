package dev.reverie.gpu.dataset;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.stream.ImageInputStream;
import org.apache.commons.io.function.IOFunction;

/** Calls readers of ImageIO, in Java alone except for JPEG, and finds out whether they missed any pixels. */
final class PictureReading {

    private PictureReading() {}

    static <T> T read(ImageFormat format, byte[] content, IOFunction<ImageReader, T> read) throws FileFormatException {
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new BoundedImageInput(content)) {
            ImageReader reader = reader(format);
            try {
                reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
                AtomicInteger rows = countRows(reader);
                reader.setInput(in, true, true);
                T result = read.apply(reader);
                boolean lacksRows = format == ImageFormat.GIF
                        && result instanceof BufferedImage picture
                        && rows.get() < picture.getHeight(); // a GIF may end before
                if (lacksRows || warnings.stream().anyMatch(PictureReading::tellsOfDamage)) {
                    throw damaged();
                }
                return result;
            } finally {
                reader.dispose();
            }
        } catch (FileFormatException e) {
            throw e;
        } catch (IOException | RuntimeException _) { // ImageIO throws all kinds of exceptions on damaged data
            throw damaged();
        }
    }

    private static ImageReader reader(ImageFormat format) throws IOException {
        return format == ImageFormat.WEBP // the native library must not read what others have made
                ? new WebPImageReaderSpi().createReaderInstance(null)
                : ImageIO.getImageReadersByFormatName(format.name()).next();
    }

    /** Counts the rows that a reader decodes, by the one event of the listener that has a number of rows. */
    private static AtomicInteger countRows(ImageReader reader) {
        AtomicInteger rows = new AtomicInteger();
        int height = 5;
        reader.addIIOReadUpdateListener((IIOReadUpdateListener) Proxy.newProxyInstance(
                PictureReading.class.getClassLoader(),
                new Class<?>[] {IIOReadUpdateListener.class},
                (_, event, arguments) ->
                        event.getName().equals("imageUpdate") ? rows.addAndGet((int) arguments[height]) : null));
        return rows;
    }

    /** Recognises the warnings after which a reader fills the rest of the picture with grey or black. */
    private static boolean tellsOfDamage(String warning) {
        return Stream.of("Corrupt JPEG data", "Premature end", "runcated", "ignored in", "skipping", "Out-of-sequence")
                .anyMatch(warning::contains);
    }

    private static FileFormatException damaged() {
        return new FileFormatException("cannot be decoded: it is damaged or unsupported; save it again as grey or RGB");
    }
}
