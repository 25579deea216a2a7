package dev.reverie.deploy.evaluate;

import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dl4j.LinearProbe;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.Coresets;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.RandomSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Judges a set by a linear probe on the features of a trained network, beside real images that take as many bytes: a
 * random choice and herding on these features, coded as WebP at the best of several qualities.
 *
 * @param training training images of the classes of the set
 * @param test test images of these classes, not empty
 * @param bytesPerClass size of the stored images of a class
 */
public record ProbeEvaluation(
        ForeignModel model,
        DistilledSet set,
        List<LabelledImage> training,
        List<LabelledImage> test,
        long bytesPerClass,
        long seed) {

    /** Qualities of the real images; the best one counts. */
    private static final List<Integer> QUALITIES = List.of(90, 70, 50, 30);

    /** Most real images of a class among which are chosen, because a large network takes long for each. */
    private static final int CANDIDATES = 500;

    /**
     * A memory and its worth.
     *
     * @param accuracy share of the test images that a probe, trained on the memory, classifies correctly, in [0, 1]
     * @param imagesPerClass mean number of images of a class
     * @param quality quality at which the real images were coded; empty for the set
     */
    public record ProbeResult(String memory, double accuracy, double imagesPerClass, OptionalInt quality) {

        /** Returns a table with a line for each memory. */
        public static String table(List<ProbeResult> results, long bytesPerClass) {
            return results.stream()
                    .map(ProbeResult::text)
                    .collect(Collectors.joining(
                            "\n",
                            String.format(Locale.ROOT, "Linear probe, at most %,d bytes per class:%n", bytesPerClass),
                            ""));
        }

        private String text() {
            String coded = quality.isPresent() ? ", WebP at quality " + quality.getAsInt() : "";
            return String.format(
                    Locale.ROOT,
                    "%-8s %6.2f %%  %.1f images per class%s",
                    memory,
                    100 * accuracy,
                    imagesPerClass,
                    coded);
        }
    }

    /** Judges the set, random images and herding, in this order. */
    public List<ProbeResult> run(ProgressView view) {
        view.show(0, "features of the test images");
        double[][] tested = features(test.stream().map(LabelledImage::image).toList());
        List<Integer> labels = test.stream().map(LabelledImage::label).toList();
        List<ProbeResult> results = new ArrayList<>();
        view.show(0.4, "features of the set");
        results.add(judged("set", set.images(), set.labels(), OptionalInt.empty(), tested, labels));
        List<Features> candidates = new ArrayList<>();
        List<List<Image>> images = new ArrayList<>();
        int classes = set.classes().size();
        for (int label = 0; label < classes; label++) {
            view.show(0.5 + 0.4 * label / classes, "features of the real images, class " + (label + 1) + "/" + classes);
            images.add(candidates(label));
            candidates.add(ofRows(features(images.getLast())));
        }
        view.show(0.9, "memories of real images");
        List<List<Integer>> random = candidates.stream()
                .map(rows -> IntStream.range(0, rows.count()).boxed().toList())
                .toList();
        List<List<Integer>> herding = candidates.stream()
                .map(rows -> Coresets.herding(rows, rows.count()))
                .toList();
        results.add(best("random", images, random, tested, labels));
        results.add(best("herding", images, herding, tested, labels));
        return results;
    }

    /** Real images of a class in random order. */
    private List<Image> candidates(int label) {
        List<Image> all = training.stream()
                .filter(sample -> sample.label() == label)
                .map(LabelledImage::image)
                .toList();
        return RandomSelection.of(
                        all.size(), Math.min(CANDIDATES, all.size()), Seeds.of(seed, Seeds.Purpose.EVALUATE, label))
                .stream()
                .map(all::get)
                .toList();
    }

    private ProbeResult best(
            String name, List<List<Image>> images, List<List<Integer>> order, double[][] tested, List<Integer> labels) {
        return QUALITIES.stream()
                .map(quality -> coded(name, images, order, quality, tested, labels))
                .max(Comparator.comparingDouble(ProbeResult::accuracy))
                .orElseThrow();
    }

    /** Judges as many of the first images of each class as fit the bytes. */
    private ProbeResult coded(
            String name,
            List<List<Image>> images,
            List<List<Integer>> order,
            int quality,
            double[][] tested,
            List<Integer> labels) {
        Coding coding = new Coding(PictureFormat.WEBP, quality, OptionalLong.of(bytesPerClass));
        List<ImageBatch> kept = new ArrayList<>();
        List<Integer> own = new ArrayList<>();
        for (int label = 0; label < images.size(); label++) {
            List<Image> ofClass = images.get(label);
            ImageBatch ordered =
                    ImageBatch.of(order.get(label).stream().map(ofClass::get).toList());
            int count = coding.fitting(ordered);
            CodedImages picture =
                    coding.encode(ordered.pick(IntStream.range(0, count).boxed().toList()));
            kept.add(picture.decoded());
            own.addAll(Stream.generate(List.of(label)::getFirst).limit(count).toList());
        }
        return judged(name, ImageBatch.join(kept), own, OptionalInt.of(quality), tested, labels);
    }

    private ProbeResult judged(
            String name,
            ImageBatch images,
            List<Integer> own,
            OptionalInt quality,
            double[][] tested,
            List<Integer> labels) {
        int classes = set.classes().size();
        double[][] rows = model.rows(images.count(), images::values);
        double accuracy = LinearProbe.train(rows, own, classes).accuracy(tested, labels);
        return new ProbeResult(name, accuracy, (double) images.count() / classes, quality);
    }

    private double[][] features(List<Image> images) {
        return model.rows(images.size(), i -> images.get(i).values());
    }

    private static Features ofRows(double[][] rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        return Features.of(rows[0].length, values);
    }
}
