package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.method.Method;

/**
 * How good a set is by the common evaluation.
 *
 * @param method that made the set
 * @param mean test accuracy over the repeats, in [0, 1]
 * @param std population standard deviation over the repeats, in [0, 1]
 */
public record SetScore(Method method, double mean, double std) {

    public SetScore {
        if (!(mean >= 0 && mean <= 1) || !(std >= 0)) {
            throw new IllegalArgumentException(
                    "an accuracy lies in [0, 1] and its deviation is not negative, got " + mean + " and " + std);
        }
    }
}
