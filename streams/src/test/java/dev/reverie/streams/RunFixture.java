package dev.reverie.streams;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.DistillationEngine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Creates fake engines, records their jobs, and lets them fail on demand. */
final class RunFixture implements Supplier<DistillationEngine> {

    private enum Mishap {
        THROWS,
        SPOILS
    }

    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final Map<String, Mishap> mishaps = new HashMap<>();
    private final Map<String, Runnable> actions = new HashMap<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile List<Image> shown = List.of();
    private boolean spoiling;

    /** Lets the {@code time}-th job (from 1) whose journal line starts with this text throw an exception. */
    RunFixture throwingAt(String job, int time) {
        mishaps.put(job + "#" + time, Mishap.THROWS);
        return this;
    }

    /** Lets the {@code time}-th class step whose journal line starts with this text compute NaN. */
    RunFixture spoilingAt(String job, int time) {
        mishaps.put(job + "#" + time, Mishap.SPOILS);
        return this;
    }

    /** Runs an action on the worker's thread before the {@code time}-th such job. */
    RunFixture doingAt(String job, int time, Runnable action) {
        actions.put(job + "#" + time, action);
        return this;
    }

    /** Lets the creation of the {@code time}-th engine (from 1) fail. */
    RunFixture refusingAt(int time) {
        refused.add(time);
        return this;
    }

    @Override
    public DistillationEngine get() {
        if (refused.contains(opened.incrementAndGet())) {
            throw new IllegalStateException("the device is being repaired");
        }
        return new FakeEngine(this);
    }

    /** The jobs of the engines, in order. */
    List<String> journal() {
        return List.copyOf(journal);
    }

    void shown(List<Image> images) {
        shown = images;
    }

    /** The images of the last training. */
    List<Image> shown() {
        return shown;
    }

    int opened() {
        return opened.get();
    }

    int closedEngines() {
        return closed.get();
    }

    void begin(String job) {
        journal.add(job);
        spoiling = false;
        for (String words = job; !words.isEmpty(); words = words.substring(0, Math.max(0, words.lastIndexOf(' ')))) {
            String key = words + "#" + times.merge(words, 1, Integer::sum);
            actions.getOrDefault(key, () -> {}).run();
            Mishap mishap = mishaps.get(key);
            spoiling |= mishap == Mishap.SPOILS;
            if (mishap == Mishap.THROWS) {
                throw new IllegalStateException("the device is on fire");
            }
        }
    }

    boolean spoils() {
        return spoiling;
    }

    void closed() {
        closed.incrementAndGet();
    }
}
