package dev.reverie.deploy.replay;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.streams.decode.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The class labels and sample ids with which a dataset is sent to a service. An image has the same id in every replay,
 * whichever classes are replayed, so that a service counts it only once.
 *
 * @param labels labels by class index; characters of a class name that no label may have are replaced
 * @param ids ids of the training images, for example {@code fashion-mnist/train/Sandal/123} for the 124th sandal; empty
 *     for a folder, where the number of an image changes when files are added: a service compares images without ids by
 *     their pixels
 */
public record SampleNames(List<String> labels, Optional<List<String>> ids) {

    public SampleNames {
        labels = List.copyOf(labels);
        ids = ids.map(List::copyOf);
    }

    /**
     * Creates the names of a dataset.
     *
     * @throws InputException if two classes would get the same label
     */
    public static SampleNames of(Dataset dataset) {
        List<String> labels = labels(dataset.classNames());
        return new SampleNames(labels, dataset.isFolder() ? Optional.empty() : Optional.of(ids(dataset, labels)));
    }

    private static List<String> ids(Dataset dataset, List<String> labels) {
        int[] before = new int[dataset.classes()];
        List<String> ids = new ArrayList<>(dataset.train().size());
        for (LabelledImage image : dataset.train()) {
            ids.add(dataset.name() + "/train/" + labels.get(image.label()) + "/" + before[image.label()]++);
        }
        return ids;
    }

    /**
     * Returns the labels of classes by class index.
     *
     * @throws InputException if two classes would get the same label
     */
    public static List<String> labels(List<String> classNames) {
        List<String> labels = classNames.stream().map(NameRules::adapted).toList();
        for (int i = 0; i < labels.size(); i++) {
            int first = labels.indexOf(labels.get(i));
            if (first != i) {
                throw new InputException("the classes '" + classNames.get(first) + "' and '"
                        + classNames.get(i) + "' would both be called '" + labels.get(i)
                        + "' in a service: rename one of them");
            }
        }
        return labels;
    }
}
