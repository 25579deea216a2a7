package dev.reverie.deploy.cli;

import dev.reverie.deploy.replay.SampleNames;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.streams.decode.Names;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The test images of a dataset under the class indices of a set. A service numbers classes as they come, and its memory
 * may hold only some of them.
 *
 * @param images of the classes that the set has
 * @param classes how many of the dataset's classes these are
 */
record TestImages(List<LabelledImage> images, int classes) {

    TestImages {
        images = List.copyOf(images);
    }

    /**
     * Classes of the same name are the same. A set that shares no name with the dataset, but has as many classes, is
     * taken to number them as the dataset does.
     *
     * @throws InputException if the set has a class that the dataset lacks
     */
    static TestImages of(Dataset dataset, DistilledSet set) {
        List<String> wanted =
                SampleNames.of(dataset).labels().stream().map(Names::normal).toList();
        List<String> held = set.classNames().stream()
                .map(name -> name.isEmpty() ? name : Names.adapted(name))
                .toList();
        List<String> foreign = held.stream()
                .filter(name -> !name.isEmpty() && !wanted.contains(name))
                .toList();
        if (foreign.size() == dataset.classes() && held.size() == dataset.classes()) {
            return new TestImages(dataset.test(), dataset.classes());
        }
        if (!foreign.isEmpty()) {
            throw new InputException("the set holds the class '"
                    + set.classNames().get(held.indexOf(foreign.getFirst())) + "', which " + dataset.name()
                    + " does not have: name the --dataset the set was made from");
        }
        int[] indices = wanted.stream().mapToInt(held::indexOf).toArray();
        return new TestImages(
                dataset.test().stream()
                        .filter(sample -> indices[sample.label()] >= 0)
                        .map(sample -> new LabelledImage(sample.image(), indices[sample.label()]))
                        .toList(),
                (int) IntStream.of(indices).filter(index -> index >= 0).count());
    }
}
