package dev.reverie.deploy.progress;

import java.util.ArrayList;
import java.util.List;

/** A view that keeps what it is told to show. Not thread safe. */
public class RecordedView implements ProgressView {

    private final List<String> shown = new ArrayList<>();
    private final List<Double> fractions = new ArrayList<>();

    @Override
    public void show(double fraction, String status) {
        shown.add(status);
        fractions.add(fraction);
    }

    @Override
    public void note(String line) {
        shown.add(line);
    }

    @Override
    public void close() {}

    /** Each status and each note that was shown. */
    public List<String> shown() {
        return shown;
    }

    /** The fraction that was shown with each status. */
    public List<Double> fractions() {
        return fractions;
    }
}
