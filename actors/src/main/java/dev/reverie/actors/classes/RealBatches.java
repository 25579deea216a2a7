package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.select.StratifiedSelection;
import dev.reverie.gpu.select.TargetSchedule;
import java.util.List;

/** Draws the real batch of each step of a class. Not thread safe. */
final class RealBatches {

    private final int classIndex;
    private final DistillationSettings settings;
    private List<Image> representatives = List.of();
    private long drawn;

    /**
     * A real batch, and the seed of the step that is matched with it.
     *
     * @param images empty for methods that match no real batch
     */
    record RealBatch(List<Image> images, long seed) {}

    /** Begins with a number of batches that were drawn before. */
    RealBatches(int classIndex, DistillationSettings settings, long drawn) {
        this.classIndex = classIndex;
        this.settings = settings;
        this.drawn = drawn;
    }

    /** Number of batches so far, and more if targets were renewed. */
    long drawn() {
        return drawn;
    }

    List<Image> representatives() {
        return representatives;
    }

    void represent(List<Image> images) {
        representatives = List.copyOf(images);
    }

    /** Lets no later step use the target of a batch that was drawn so far. */
    void renewTargets() {
        drawn = TargetSchedule.renewed(settings.targetUses(), drawn);
    }

    /**
     * Draws the representatives, one image of each of their strata, or random images of the reservoir before there are
     * representatives and for methods that match random batches. Steps that use one target have one batch and one seed.
     */
    RealBatch next(ClassVisit visit, List<Image> reservoir) {
        long number = TargetSchedule.of(settings.targetUses(), visit.classes()).batch(drawn++, seed());
        return new RealBatch(
                settings.composition()
                        .representatives()
                        .map(rule -> images(rule, number, reservoir))
                        .orElse(List.of()),
                stepSeed(visit.position(), number));
    }

    private long stepSeed(LoopPosition position, long number) {
        return settings.targetUses() > 1
                ? Seeds.of(settings.seed(), Seeds.Purpose.TARGET, number, classIndex)
                : Seeds.of(settings.seed(), Seeds.Purpose.MATCH, position.outer(), position.inner(), classIndex);
    }

    private List<Image> images(SelectionRule rule, long number, List<Image> reservoir) {
        int size = settings.representatives().count();
        if (rule == SelectionRule.RANDOM || representatives.isEmpty()) {
            return RandomSelection.batch(reservoir.size(), size, number, seed()).stream()
                    .map(reservoir::get)
                    .toList();
        }
        if (rule == SelectionRule.STRATIFIED) {
            return StratifiedSelection.batch(representatives.size(), size, number, seed()).stream()
                    .map(representatives::get)
                    .toList();
        }
        return representatives;
    }

    private long seed() {
        return Seeds.of(settings.seed(), Seeds.Purpose.REAL_BATCH, classIndex);
    }
}
