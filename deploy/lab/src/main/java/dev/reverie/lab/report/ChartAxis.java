package dev.reverie.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis from {@code low} to {@code high} with ticks at round numbers.
 *
 * @param high value at the last tick, greater than {@code low}
 * @param step distance between two ticks: 1, 2 or 5 times a power of ten
 */
public record ChartAxis(double low, double high, double step) {

    /** Returns an axis that covers the range from {@code least} to {@code most} in about {@code ticks} steps. */
    public static ChartAxis over(double least, double most, int ticks) {
        double span = most > least ? most - least : Math.max(Math.abs(least), 1);
        double step = roundStep(span / ticks);
        double low = Math.floor(least / step) * step;
        double high = Math.ceil(most / step) * step;
        return new ChartAxis(low, high > low ? high : low + step, step);
    }

    private static double roundStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        if (digit <= 1) {
            return power;
        }
        if (digit <= 2) {
            return 2 * power;
        }
        return digit <= 5 ? 5 * power : 10 * power;
    }

    /** Returns the relative position of a value: 0 at {@link #low}, 1 at {@link #high}. */
    public double position(double value) {
        return (value - low) / (high - low);
    }

    /** Returns the values at the ticks, in ascending order. */
    public List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= Math.round((high - low) / step); i++) {
            ticks.add(low + i * step);
        }
        return ticks;
    }

    /** Formats a tick with as many decimals as the step needs. */
    public String label(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", tick == 0 ? 0.0 : tick);
    }
}
