package dev.reverie.lab.continual;

import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The real images that a memory stores, by class in order of arrival. The images of a class do not change, but some of
 * them may be dropped.
 *
 * @param factor multi-formation factor of the images
 */
record RealMemory(List<RealClass> classes, int factor, Normalisation normalisation) {

    RealMemory {
        classes = List.copyOf(classes);
    }

    /** The stored images of a class, perhaps none. */
    record RealClass(String name, ImageBatch images) {

        /** Returns the classes of a selection. */
        static List<RealClass> of(DistilledSet selection) {
            return IntStream.range(0, selection.classes().size())
                    .mapToObj(label -> new RealClass(
                            selection.classes().nameOf(label),
                            selection.parameters().pick(indicesOf(label, selection.parameterLabels()))))
                    .toList();
        }

        private static List<Integer> indicesOf(int label, List<Integer> labels) {
            return IntStream.range(0, labels.size())
                    .filter(i -> labels.get(i) == label)
                    .boxed()
                    .toList();
        }
    }

    /** Chooses the images that a class keeps. */
    @FunctionalInterface
    interface Reduction {

        List<Integer> kept(ImageBatch stored, int factor, int count);
    }

    /** Returns this memory with at most {@code images} images of each class, and with other classes. */
    RealMemory reducedTo(int images, Reduction reduction, List<RealClass> arriving) {
        Stream<RealClass> reduced = classes.stream()
                .map(each -> each.images().count() <= images
                        ? each
                        : new RealClass(
                                each.name(), each.images().pick(reduction.kept(each.images(), factor, images))));
        return new RealMemory(Stream.concat(reduced, arriving.stream()).toList(), factor, normalisation);
    }

    /**
     * Codes the images of each class.
     *
     * @param inFiles whether each image is a JPEG file of its own, and the first that fit are stored; otherwise, the
     *     images of a class are one picture, whose quality falls until it fits
     */
    StoredMemory coded(Coding coding, boolean inFiles) {
        List<ImageBatch> decoded = new ArrayList<>();
        long bytes = 0;
        for (RealClass each : classes) {
            if (each.images().count() == 0) {
                decoded.add(each.images());
                continue;
            }
            List<CodedImages> pictures = inFiles ? files(each.images(), coding) : List.of(coding.encode(each.images()));
            bytes += pictures.stream().mapToLong(CodedImages::size).sum();
            decoded.add(
                    ImageBatch.join(pictures.stream().map(CodedImages::decoded).toList()));
        }
        return new StoredMemory(set(decoded), bytes);
    }

    private static List<CodedImages> files(ImageBatch images, Coding coding) {
        Coding alone = new Coding(PictureFormat.JPEG, coding.quality(), OptionalLong.empty());
        List<CodedImages> files = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < images.count(); i++) {
            CodedImages file = alone.encode(images.pick(List.of(i)));
            bytes += file.size();
            if (i > 0 && bytes > coding.maxBytes().orElse(Long.MAX_VALUE)) {
                break;
            }
            files.add(file);
        }
        return files;
    }

    private DistilledSet set(List<ImageBatch> images) {
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < images.size(); label++) {
            labels.addAll(Collections.nCopies(images.get(label).count(), label));
        }
        ClassList names = ClassList.of(classes.stream().map(RealClass::name).toList());
        return new StoredSet(ImageBatch.join(images), labels, factor, normalisation, names).decoded();
    }

    /**
     * Returns the training data of a step: the real images of the step, followed by the images of this memory, which
     * are repeated until a class has {@code least} images. The classes are in the same order.
     */
    Dataset appendedTo(Dataset step, int least) {
        List<String> names = new ArrayList<>(step.classNames());
        List<LabelledImage> samples = new ArrayList<>(step.train());
        for (RealClass each : classes) {
            List<Image> remembered = MultiFormation.of(factor, each.images().shape())
                    .decode(each.images())
                    .toImages();
            for (int i = 0; i < Math.max(least, remembered.size()); i++) {
                samples.add(new LabelledImage(remembered.get(i % remembered.size()), names.size()));
            }
            names.add(each.name());
        }
        return new Dataset(step.name(), step.shape(), names, step.normalisation(), samples, step.test());
    }
}
