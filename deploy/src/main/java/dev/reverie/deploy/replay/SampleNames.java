package dev.reverie.deploy.replay;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.streams.decode.NameRules;
import java.util.List;

/**
 * The class labels and sample ids with which a dataset is sent to a service. An image has the same id in every replay,
 * so that a service counts it only once.
 *
 * @param dataset name of the dataset, with which every id begins
 * @param labels labels by class index; class names that a service would refuse are adapted
 */
public record SampleNames(String dataset, List<String> labels) {

    private static final int LONGEST_DATASET = 200;

    public SampleNames {
        labels = List.copyOf(labels);
    }

    /**
     * Creates the names of a dataset.
     *
     * @throws InputException if two classes would get the same label
     */
    public static SampleNames of(Dataset dataset) {
        List<String> labels =
                dataset.classNames().stream().map(NameRules::adapted).toList();
        for (int i = 0; i < labels.size(); i++) {
            int first = labels.indexOf(labels.get(i));
            if (first != i) {
                throw new InputException("the classes '" + dataset.classNames().get(first) + "' and '"
                        + dataset.classNames().get(i) + "' would both be called '" + labels.get(i)
                        + "' in a service: rename one of them");
            }
        }
        String name = dataset.name();
        return new SampleNames(name.substring(Math.max(0, name.length() - LONGEST_DATASET)), labels);
    }

    /** Returns the id of the training image at {@code place}, for example {@code fashion-mnist/train/123}. */
    String id(int place) {
        return dataset + "/train/" + place;
    }
}
