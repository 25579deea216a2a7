package dev.reverie.deploy.experiments.continual;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A memory to which each step adds the classes that arrive; the images of earlier steps do not change.
 *
 * @param parts one part per step; the classes of each part have the indices 0, 1, 2 and so on
 */
record GrowingMemory(List<DistilledSet> parts) {

    GrowingMemory {
        parts = List.copyOf(parts);
    }

    /** Returns this memory with the first {@code classes} classes of {@code selection} as a further part. */
    GrowingMemory plus(DistilledSet selection, int classes) {
        List<Integer> images = indicesBelow(classes, selection.labels());
        List<Integer> stored = indicesBelow(classes, selection.parameterLabels());
        DistilledSet part = new DistilledSet(
                selection.images().pick(images),
                images.stream().map(selection.labels()::get).toList(),
                selection.parameters().pick(stored),
                stored.stream().map(selection.parameterLabels()::get).toList(),
                selection.factor(),
                selection.normalisation(),
                selection.classes().below(classes));
        return new GrowingMemory(Stream.concat(parts.stream(), Stream.of(part)).toList());
    }

    private static List<Integer> indicesBelow(int classes, List<Integer> labels) {
        return IntStream.range(0, labels.size())
                .filter(i -> labels.get(i) < classes)
                .boxed()
                .toList();
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
     *
     * @param step the real images of the classes that arrive
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
