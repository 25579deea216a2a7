package dev.reverie.lab.continual;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A memory to which each step adds the classes that arrive. The images of earlier steps do not change, but some of them
 * may be dropped.
 *
 * @param parts one part per step; the classes of each part have the indices 0, 1, 2 and so on
 */
record GrowingMemory(List<DistilledSet> parts) {

    GrowingMemory {
        parts = List.copyOf(parts);
    }

    /** Chooses the images that a class keeps. */
    @FunctionalInterface
    interface Reduction {

        List<Integer> kept(ImageBatch stored, int factor, int count);
    }

    /** Returns this memory with at most {@code images} stored images of each class. */
    GrowingMemory reducedTo(int images, Reduction reduction) {
        return new GrowingMemory(
                parts.stream().map(part -> reduced(part, images, reduction)).toList());
    }

    private static DistilledSet reduced(DistilledSet part, int images, Reduction reduction) {
        List<Integer> decoded = new ArrayList<>();
        List<Integer> stored = new ArrayList<>();
        for (int label = 0; label < part.classes().size(); label++) {
            List<Integer> all = indicesOf(label, part.parameterLabels());
            List<Integer> kept = all.size() <= images
                    ? IntStream.range(0, all.size()).boxed().toList()
                    : reduction.kept(part.parameters().pick(all), part.factor(), images);
            kept.stream().map(all::get).forEach(stored::add);
            List<Integer> cells = indicesOf(label, part.labels()); // the first cells of all images, then the second
            IntStream.range(0, cells.size())
                    .filter(i -> kept.contains(i % all.size()))
                    .mapToObj(cells::get)
                    .forEach(decoded::add);
        }
        return pick(part, decoded, stored, part.classes());
    }

    private static List<Integer> indicesOf(int label, List<Integer> labels) {
        return indices(labels, each -> each == label);
    }

    private static List<Integer> indices(List<Integer> labels, IntPredicate wanted) {
        return IntStream.range(0, labels.size())
                .filter(i -> wanted.test(labels.get(i)))
                .boxed()
                .toList();
    }

    /** Returns this memory with the first {@code classes} classes of {@code selection} as a further part. */
    GrowingMemory plus(DistilledSet selection, int classes) {
        DistilledSet part = pick(
                selection,
                indices(selection.labels(), label -> label < classes),
                indices(selection.parameterLabels(), label -> label < classes),
                selection.classes().below(classes));
        return new GrowingMemory(Stream.concat(parts.stream(), Stream.of(part)).toList());
    }

    private static DistilledSet pick(DistilledSet set, List<Integer> decoded, List<Integer> stored, ClassList classes) {
        return new DistilledSet(
                set.images().pick(decoded),
                decoded.stream().map(set.labels()::get).toList(),
                set.parameters().pick(stored),
                stored.stream().map(set.parameterLabels()::get).toList(),
                set.factor(),
                set.normalisation(),
                classes);
    }

    /** Returns the whole memory, with the classes in order of arrival. */
    DistilledSet set() {
        List<Integer> labels = new ArrayList<>();
        List<Integer> storedLabels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (DistilledSet part : parts) {
            int offset = names.size();
            part.labels().forEach(label -> labels.add(offset + label));
            part.parameterLabels().forEach(label -> storedLabels.add(offset + label));
            names.addAll(part.classes().names());
        }
        DistilledSet first = parts.getFirst();
        return new DistilledSet(
                ImageBatch.join(parts.stream().map(DistilledSet::images).toList()),
                labels,
                ImageBatch.join(parts.stream().map(DistilledSet::parameters).toList()),
                storedLabels,
                first.factor(),
                first.normalisation(),
                names);
    }

    /**
     * Returns the training data of a step: the real images of the step, followed by the images of this memory. The
     * classes are in the same order.
     */
    Dataset appendedTo(Dataset step) {
        List<String> names = new ArrayList<>(step.classNames());
        List<LabelledImage> images = new ArrayList<>(step.train());
        for (DistilledSet part : parts) {
            List<Image> remembered = part.images().toImages();
            for (int i = 0; i < remembered.size(); i++) {
                images.add(new LabelledImage(
                        remembered.get(i), names.size() + part.labels().get(i)));
            }
            names.addAll(part.classes().names());
        }
        return new Dataset(step.name(), step.shape(), names, step.normalisation(), images, step.test());
    }
}
