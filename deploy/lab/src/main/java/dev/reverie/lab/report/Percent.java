package dev.reverie.lab.report;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.Locale;

/** Accuracies, which are fractions, in percent. */
public final class Percent {

    private Percent() {}

    /** Returns the percentage, rounded to one decimal place as in all tables. */
    public static double rounded(double fraction) {
        return Math.round(1000 * fraction) / 10.0;
    }

    public static MeanAndStd of(MeanAndStd fraction) {
        return new MeanAndStd(100 * fraction.mean(), 100 * fraction.std());
    }

    /** Formats a percentage, for example {@code 82.4 ± 0.3}; omits a deviation of zero, as for a single network. */
    public static String text(MeanAndStd fraction) {
        String mean = String.format(Locale.ROOT, "%.1f", rounded(fraction.mean()));
        return fraction.std() == 0 ? mean : mean + String.format(Locale.ROOT, " ± %.1f", 100 * fraction.std());
    }
}
