package dev.reverie.deploy.history;

import java.util.List;
import java.util.Optional;

/**
 * A part of an operation that takes effect at one moment. Labels, samples and operations are numbered, so that the
 * search can use arrays.
 */
sealed interface Step {

    /** When a step can take effect, and whether it must. */
    Moment moment();

    /** Whether a step can change what the service holds. */
    default boolean isChange() {
        return this instanceof Part || this instanceof Deletion || this instanceof Sealing || this instanceof Death;
    }

    /**
     * The time in which a step takes effect.
     *
     * @param operation number of the operation; -1 for a death
     * @param sent earliest time
     * @param ended latest time; {@link Long#MAX_VALUE} for an optional step, which ends with its epoch
     * @param epoch number of deaths before the step
     * @param optional whether the step may have no effect at all
     */
    record Moment(int operation, long sent, long ended, int epoch, boolean optional) {}

    /**
     * The samples of a delivery that belong to one class.
     *
     * @param samples numbers of the samples
     * @param refused numbers of those that the answer refuses
     * @param sum what the answer says of all parts together; empty if there was none
     */
    record Part(Moment moment, int label, List<Integer> samples, List<Integer> refused, Optional<Sum> sum)
            implements Step {

        /** This part without the others, of which it is unknown how many samples were new. */
        Part alone() {
            return new Part(moment, label, samples, refused, sum.filter(all -> all.parts() == 1));
        }

        /** Maximum number of new samples: a class is sealed if it refuses any, and then accepts none. */
        int most() {
            return refused.isEmpty() ? samples.size() : 0;
        }
    }

    /**
     * What the answer to a delivery says of all its parts together.
     *
     * @param accepted number of new samples
     */
    record Sum(int accepted, int parts) {}

    /**
     * Deletes a class.
     *
     * @param found whether the class existed, as answered; empty if no answer says so
     */
    record Deletion(Moment moment, int label, Optional<Boolean> found) implements Step {}

    /**
     * Seals a class.
     *
     * @param found whether the class existed, as answered; empty if there was no answer
     */
    record Sealing(Moment moment, int label, Optional<Boolean> found) implements Step {}

    /** A look at one class, which is empty if the class was not shown. */
    record ClassRead(Moment moment, int label, Optional<Answer.ClassView> view) implements Step {}

    /** A look at the memory, which shows a class. The memory may leave out a class that does not respond. */
    record MemoryRead(Moment moment, int label) implements Step {}

    /** A look at the totals. */
    record TotalsRead(Moment moment, long samples, int classes) implements Step {}

    /** An answer that nothing explains. */
    record Inexplicable(Moment moment) implements Step {}

    /** The end of an epoch: unfinished requests take no effect any more. */
    record Death(Moment moment) implements Step {}
}
