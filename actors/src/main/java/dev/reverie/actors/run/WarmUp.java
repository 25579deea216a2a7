package dev.reverie.actors.run;

import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import dev.reverie.gpu.method.ScheduleSettings;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The training of a new network before its first loop.
 *
 * @param samples number of images to train on, at least 0
 * @param expert training of the network as an expert, if it is one, whose learning rate may also fall between epochs
 */
record WarmUp(int samples, LearningRateSchedule rate, Optional<ExpertTraining> expert) {

    /** Maximum number of images per part of a run; such a part takes a few seconds at the published width. */
    static final int MAX_PART = 4096;

    static WarmUp of(DistillationSettings settings) {
        ScheduleSettings schedule = settings.schedule();
        return new WarmUp(
                schedule.warmUpSamples(),
                schedule.warmUpDecay() ? LearningRateSchedule.THIRDS : LearningRateSchedule.CONSTANT,
                settings.experts());
    }

    /** Learning rate after a number of images, as a fraction of the configured one. */
    double rateShare(int before) {
        return rate.share(before, samples)
                * expert.map(training -> training.rateShare(before)).orElse(1.0);
    }

    /**
     * Number of images in the next part, during which the learning rate does not change; 0 at the end of the warm-up.
     *
     * @param most maximum number
     */
    int part(int before, int most) {
        int longest = Math.clamp(samples - before, 0, most);
        return IntStream.range(1, longest)
                .filter(next -> rateShare(before + next) != rateShare(before))
                .findFirst()
                .orElse(longest);
    }
}
