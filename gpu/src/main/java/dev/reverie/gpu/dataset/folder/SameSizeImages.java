package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads pictures of one size into memory. The dataset is grey if every picture is grey, otherwise RGB. An instance
 * reads one dataset.
 */
final class SameSizeImages {

    /** Maximum size of all images. */
    private static final long MAX_BYTES = 1L << 30;

    /** Maximum number of pixels of an image, 2,048 x 2,048. */
    private static final long MAX_PIXELS = 1L << 22;

    private final LoadProgress progress;
    private Optional<ImageShape> first = Optional.empty();
    private int channels = 1;
    private int done;

    SameSizeImages(LoadProgress progress) {
        this.progress = progress;
    }

    Dataset read(String name, FolderFiles files) {
        int total = files.train().size() + files.test().size();
        List<LabelledImage> train = read(files.train(), total);
        List<LabelledImage> test = read(files.test(), total);
        List<LabelledImage> trainImages = withChannels(train);
        ImageShape shape = trainImages.getFirst().image().shape();
        Normalisation normalisation = Normalisation.of(
                shape, trainImages.stream().map(LabelledImage::image).toList());
        return new Dataset(name, shape, files.classNames(), normalisation, trainImages, withChannels(test));
    }

    private List<LabelledImage> read(List<PictureFile> files, int total) {
        List<LabelledImage> samples = new ArrayList<>();
        for (PictureFile file : files) {
            Image image = file.read(MAX_PIXELS);
            requireCommonSize(file, image.shape());
            channels = Math.max(channels, image.shape().channels());
            done++;
            if ((long) done * image.shape().height() * image.shape().width() * channels > MAX_BYTES) {
                throw new DatasetException("the images up to " + file.path() + " take more than " + (MAX_BYTES >> 20)
                        + " MiB of memory: read them on demand with --resize WxH, which can name the size that they"
                        + " have");
            }
            samples.add(new LabelledImage(image, file.label()));
            progress.read(done, total);
        }
        return samples;
    }

    private void requireCommonSize(PictureFile file, ImageShape shape) {
        ImageShape common = first.orElse(shape);
        first = Optional.of(common);
        if (shape.height() != common.height() || shape.width() != common.width()) {
            throw new DatasetException(file.path() + " is " + shape.width() + "x" + shape.height()
                    + " pixels (width x height), but the images before it are " + common.width() + "x" + common.height()
                    + ": bring all images to one size with --resize WxH");
        }
    }

    private List<LabelledImage> withChannels(List<LabelledImage> samples) {
        return samples.stream()
                .map(sample -> new LabelledImage(sample.image().withChannels(channels), sample.label()))
                .toList();
    }
}
