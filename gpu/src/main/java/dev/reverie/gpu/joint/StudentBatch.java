package dev.reverie.gpu.joint;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.method.DecodingMode.Cell;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.gpu.synthetic.SyntheticViews;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The batch of one student step: decoded synthetic images, each with its own augmentation.
 *
 * @param byClass images of each class, by class index; a class can have no images in a step
 * @param places images in the order of the batch
 */
public record StudentBatch(List<SyntheticViews> byClass, List<Place> places) {

    public StudentBatch {
        byClass = List.copyOf(byClass);
        places = List.copyOf(places);
    }

    /**
     * An image, identified by its class and by its index among the images of this class in the step; while batches are
     * drawn, among all decoded images of this class.
     */
    public record Place(int label, int index) {}

    /**
     * Draws the batches of a rollout: the decoded memory is shuffled and cut into batches, and shuffled again after
     * each pass. If the memory fits into one batch, each batch contains all images in their order.
     *
     * @param stored stored synthetic images by class index, each {@code [count][channels * height * width]}, usually in
     *     [0, 1]
     * @param most most images of a batch
     */
    public static List<StudentBatch> draw(
            List<double[][]> stored, DistillationContext context, int most, int batches, RandomGenerator random) {
        MatchingSettings matching = context.settings().matching();
        MultiFormation formation = context.formation();
        Augmentation augmentation = Augmentation.of(matching.augmentation(), context.shape());
        List<List<Cell>> decoded = stored.stream()
                .map(images -> matching.decoding().cells(images.length, formation.factor(), matching.maxDecoded()))
                .toList();
        List<Place> all = IntStream.range(0, stored.size())
                .boxed()
                .flatMap(label ->
                        IntStream.range(0, decoded.get(label).size()).mapToObj(index -> new Place(label, index)))
                .toList();
        return Stream.generate(() -> batches(all, most, random))
                .flatMap(List::stream)
                .limit(batches)
                .map(batch -> {
                    List<AffineImageTransform> views = augmentation.drawEach(batch.size(), random).stream()
                            .map(context.normalise()::then)
                            .toList();
                    return of(batch, stored, formation, decoded, views);
                })
                .toList();
    }

    private static List<List<Place>> batches(List<Place> all, int most, RandomGenerator random) {
        if (all.size() <= most) {
            return List.of(all);
        }
        List<Place> shuffled = RandomSelection.of(all.size(), all.size(), random.nextLong()).stream()
                .map(all::get)
                .toList();
        return IntStream.range(0, Math.ceilDiv(all.size(), most))
                .mapToObj(i -> shuffled.subList(i * most, Math.min((i + 1) * most, all.size())))
                .toList();
    }

    private static StudentBatch of(
            List<Place> batch,
            List<double[][]> stored,
            MultiFormation formation,
            List<List<Cell>> decoded,
            List<AffineImageTransform> views) {
        List<List<Cell>> cells = lists(stored.size());
        List<List<AffineImageTransform>> viewsByClass = lists(stored.size());
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            int label = batch.get(i).label();
            places.add(new Place(label, cells.get(label).size()));
            cells.get(label).add(decoded.get(label).get(batch.get(i).index()));
            viewsByClass.get(label).add(views.get(i));
        }
        List<SyntheticViews> byClass = IntStream.range(0, stored.size())
                .mapToObj(label ->
                        new SyntheticViews(stored.get(label), formation, cells.get(label), viewsByClass.get(label)))
                .toList();
        return new StudentBatch(byClass, places);
    }

    private static <T> List<List<T>> lists(int count) {
        return Stream.<List<T>>generate(ArrayList::new).limit(count).toList();
    }

    public int size() {
        return places.size();
    }

    public double[] image(int index) {
        Place place = places.get(index);
        return byClass.get(place.label()).image(place.index());
    }

    /** One-hot labels, one row per image. */
    public double[][] targets() {
        return places.stream()
                .map(place -> OneHotLabels.of(place.label(), byClass.size()))
                .toArray(double[][]::new);
    }
}
