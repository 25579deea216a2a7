package dev.reverie.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis of a chart, which spans its ticks.
 *
 * @param ticks ascending values at the ticks, at least one
 * @param isLogarithmic whether equal distances are equal ratios; all ticks are positive then
 */
public record ChartAxis(List<Double> ticks, boolean isLogarithmic) {

    private static final int MOST_DECIMALS = 12;
    private static final double ROUNDING = 1e-6;

    public ChartAxis {
        ticks = List.copyOf(ticks);
        if (ticks.isEmpty()) {
            throw new IllegalArgumentException("an axis needs at least one tick");
        }
    }

    /** Returns a linear axis with round numbers that covers a range in about {@code steps} steps. */
    public static ChartAxis over(double least, double most, int steps) {
        double span = most > least ? most - least : Math.max(Math.abs(least), 1);
        double step = roundStep(span / steps);
        long first = Math.round(Math.floor(least / step));
        long last = Math.max(first + 1, Math.round(Math.ceil(most / step)));
        List<Double> ticks = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            ticks.add(i * step);
        }
        return new ChartAxis(ticks, false);
    }

    /** Returns 1, 2 or 5 times a power of ten, the smallest that is not below {@code least}. */
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

    public double low() {
        return ticks.getFirst();
    }

    public double high() {
        return ticks.getLast();
    }

    /** Returns the relative position of a value: 0 at {@link #low}, 1 at {@link #high}. */
    public double position(double value) {
        double span = scaled(high()) - scaled(low());
        return span > 0 ? (scaled(value) - scaled(low())) / span : 0.5;
    }

    private double scaled(double value) {
        return isLogarithmic ? Math.log(value) : value;
    }

    /** Formats a tick with as many decimals as the ticks need. */
    public String label(double tick) {
        int decimals = 0;
        while (decimals < MOST_DECIMALS && !areWhole(Math.pow(10, decimals))) {
            decimals++;
        }
        return String.format(Locale.ROOT, "%." + decimals + "f", tick == 0 ? 0.0 : tick);
    }

    private boolean areWhole(double times) {
        return ticks.stream().allMatch(tick -> Math.abs(tick * times - Math.rint(tick * times)) < ROUNDING);
    }
}
