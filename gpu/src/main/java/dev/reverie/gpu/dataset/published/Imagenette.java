package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.PixelLimits;
import dev.reverie.gpu.dataset.Resizing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * <a href="https://github.com/fastai/imagenette">Imagenette</a>: photographs of ten classes of ImageNet, JPEG files of
 * many sizes in one archive. The validation images serve as test images.
 */
record Imagenette(long heap) implements PublishedDataset {

    static final Imagenette IMAGENETTE = new Imagenette(Runtime.getRuntime().maxMemory());

    private static final String ARCHIVE = "imagenette2-160.tgz";
    private static final Pattern PICTURE = Pattern.compile("[^/]+/(train|val)/(n\\d{8})/[^/]+\\.JPEG");
    private static final int IMAGES = 13_394;
    private static final int MAX_PICTURE_BYTES = 1 << 20;

    /** Number of pictures that are in memory before they are decoded together. */
    private static final int BATCH = 256;

    /** The names of the classes by their WordNet ids, whose order is that of the classes. */
    private static final Map<String, String> NAMES = new TreeMap<>(Map.of(
            "n01440764", "tench",
            "n02102040", "English springer",
            "n02979186", "cassette player",
            "n03000684", "chain saw",
            "n03028079", "church",
            "n03394916", "French horn",
            "n03417042", "garbage truck",
            "n03425413", "gas pump",
            "n03445777", "golf ball",
            "n03888257", "parachute"));

    @Override
    public String name() {
        return "imagenette";
    }

    @Override
    public boolean isIn(Path directory) {
        return Files.isRegularFile(archive(directory));
    }

    private static Path archive(Path directory) {
        return Files.isRegularFile(directory) ? directory : directory.resolve(ARCHIVE);
    }

    @Override
    public Dataset load(Path directory) {
        throw new DatasetException(
                "the photographs of " + name() + " have many sizes: add --resize WxH, for example --resize 64x64");
    }

    @Override
    public Dataset load(Path directory, Resizing resizing) {
        if (!isIn(directory)) {
            throw missing(ARCHIVE, directory);
        }
        ImageShape shape =
                new ImageShape(3, resizing.size().height(), resizing.size().width());
        requireHeap(IMAGES, shape, heap);
        Pictures pictures = new Pictures(resizing, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        TarGz.read(archive(directory), (path, content) -> {
            Matcher picture = PICTURE.matcher(path);
            if (picture.matches()) {
                byte[] jpeg = content.readNBytes(MAX_PICTURE_BYTES);
                pictures.add(new Picture(path, picture.group(1).equals("train"), label(picture.group(2), path), jpeg));
            }
        });
        pictures.decodeAll();
        return new Dataset(
                name(),
                shape,
                List.copyOf(NAMES.values()),
                TinyImageNet.NORMALISATION,
                pictures.train(),
                pictures.test());
    }

    private static int label(String id, String path) {
        int label = List.copyOf(NAMES.keySet()).indexOf(id);
        if (label < 0) {
            throw new DatasetException(path + " belongs to none of the ten classes" + DatasetException.FETCH_AGAIN);
        }
        return label;
    }

    @SuppressWarnings("ArrayRecordComponent") // is not compared
    private record Picture(String path, boolean isTrain, int label, byte[] jpeg) {

        LabelledImage resized(Resizing resizing) {
            Image decoded = ImageDecoder.open(jpeg, path, PixelLimits.RESIZED).decode();
            return new LabelledImage(resizing.apply(decoded.inColour()), label);
        }
    }

    /** Decodes pictures in parallel, a batch at a time, because decoding takes most of the time. */
    private record Pictures(
            Resizing resizing, List<Picture> batch, List<LabelledImage> train, List<LabelledImage> test) {

        void add(Picture picture) {
            batch.add(picture);
            if (batch.size() == BATCH) {
                decodeAll();
            }
        }

        void decodeAll() {
            List<LabelledImage> decoded = batch.parallelStream()
                    .map(picture -> picture.resized(resizing))
                    .toList();
            for (int i = 0; i < decoded.size(); i++) {
                (batch.get(i).isTrain() ? train : test).add(decoded.get(i));
            }
            batch.clear();
        }
    }
}
