package dev.reverie.gpu.dataset.published;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** A Tiny-ImageNet of three classes, four training and two validation images, one of them grey. */
final class TinyImageNetFixture {

    private TinyImageNetFixture() {}

    static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("tiny-imagenet-200/wnids.txt", text("n01443537\nn02012849\nn03126707\n"));
        files.put("tiny-imagenet-200/words.txt", text("""
                        n00001740\tentity
                        n01443537\tgoldfish, Carassius auratus
                        n02012849\tcrane, a bird
                        n03126707\tcrane, a machine
                        """));
        files.put("tiny-imagenet-200/train/n01443537/n01443537_boxes.txt", text("n01443537_0.JPEG\t0\t0\t1\t1\n"));
        files.put("tiny-imagenet-200/train/n01443537/images/n01443537_1.JPEG", jpeg(64, 10, false));
        files.put("tiny-imagenet-200/train/n01443537/images/n01443537_0.JPEG", jpeg(64, 200, false));
        files.put("tiny-imagenet-200/train/n02012849/images/n02012849_0.JPEG", jpeg(64, 90, true));
        files.put("tiny-imagenet-200/train/n03126707/images/n03126707_0.JPEG", jpeg(64, 30, false));
        files.put("tiny-imagenet-200/val/images/val_1.JPEG", jpeg(64, 50, false));
        files.put("tiny-imagenet-200/val/images/val_0.JPEG", jpeg(64, 60, false));
        files.put(
                "tiny-imagenet-200/val/val_annotations.txt",
                text("val_0.JPEG\tn03126707\t0\t32\t44\t62\nval_1.JPEG\tn01443537\t52\t55\t57\t59\n"));
        files.put("tiny-imagenet-200/test/images/test_0.JPEG", jpeg(64, 70, false));
        return files;
    }

    static byte[] jpeg(int side, int level, boolean grey) {
        BufferedImage picture =
                new BufferedImage(side, side, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int[] levels = new int[side * side * picture.getRaster().getNumBands()];
        Arrays.fill(levels, level);
        picture.getRaster().setPixels(0, 0, side, side, levels);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
