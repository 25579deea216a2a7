package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.NormaliseTransform;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.CrossEntropy;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The images, synthetic or real, on which a network is trained, and their targets.
 *
 * @param images returns the values of the image with a given index, in channel-first order, each in [0, 1]; called from
 *     several threads
 * @param targets returns the target of the image with a given index: a distribution over the classes
 */
public record TrainingImages(
        ImageShape shape,
        int classes,
        Normalisation normalisation,
        int count,
        IntFunction<double[]> images,
        IntFunction<double[]> targets) {

    /** Returns the decoded images of a set, with their soft labels if the set has any. */
    public static TrainingImages of(DistilledSet set) {
        return new TrainingImages(
                set.images().shape(),
                set.classes().size(),
                set.normalisation(),
                set.images().count(),
                set.images()::values,
                set::target);
    }

    /** Returns real images with hard labels, and with the shape, classes and normalisation of {@code like}. */
    public static TrainingImages of(List<LabelledImage> real, TrainingImages like) {
        return new TrainingImages(
                like.shape,
                like.classes,
                like.normalisation,
                real.size(),
                index -> real.get(index).image().values(),
                index -> OneHotLabels.of(real.get(index).label(), like.classes));
    }

    /** Returns these images followed by more of the same shape and classes. */
    TrainingImages followedBy(TrainingImages more) {
        return new TrainingImages(
                shape,
                classes,
                normalisation,
                count + more.count,
                index -> index < count ? images.apply(index) : more.images.apply(index - count),
                index -> index < count ? targets.apply(index) : more.targets.apply(index - count));
    }

    ClassAccuracyCounter test(Classifier network, List<LabelledImage> real) {
        AffineImageTransform normalise = NormaliseTransform.of(normalisation, shape);
        List<double[]> logits = network.logits(
                real.size(), i -> normalise.apply(real.get(i).image().values()));
        ClassAccuracyCounter tally = new ClassAccuracyCounter(classes);
        for (int i = 0; i < real.size(); i++) {
            int label = real.get(i).label();
            tally.add(label, CrossEntropy.largest(logits.get(i)) == label);
        }
        return tally;
    }
}
