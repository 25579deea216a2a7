package dev.reverie.streams.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A bounded list of moments, in which recent moments are closer together in time than old ones. Thread safe. */
final class Moments {

    private final int maxMoments;
    private final long maxBytes;
    private final List<Moment> moments = new ArrayList<>();
    /** The pictures by name; empty if the moments have changed since a picture was read. */
    private Optional<Map<String, Moment.ClassPicture>> pictures = Optional.empty();

    private long forgotten;

    /**
     * Creates an empty history.
     *
     * @param maxMoments maximum number of moments, at least 2
     * @param maxBytes maximum size of all pictures together; the latest moment stays even if it exceeds this limit
     */
    Moments(int maxMoments, long maxBytes) {
        this.maxMoments = maxMoments;
        this.maxBytes = maxBytes;
    }

    synchronized List<Moment> all() {
        return List.copyOf(moments);
    }

    synchronized Optional<Moment> latest() {
        return moments.isEmpty() ? Optional.empty() : Optional.of(moments.getLast());
    }

    synchronized Optional<Moment> numbered(long number) {
        return moments.stream().filter(moment -> moment.number() == number).findFirst();
    }

    /** Returns the number of classes forgotten so far. */
    synchronized long forgotten() {
        return forgotten;
    }

    /**
     * Adds a moment, unless a class was forgotten while the moment was being created: the moment may still contain that
     * class.
     *
     * @param forgottenThen number of classes that had been forgotten when the creation of the moment began
     * @return whether the moment was added
     */
    synchronized boolean add(Moment moment, long forgottenThen) {
        if (forgotten != forgottenThen) {
            return false;
        }
        moments.add(moment);
        pictures = Optional.empty();
        while (moments.size() > maxMoments || (moments.size() > 1 && bytes() > maxBytes)) {
            Thinning.removeMostRedundant(moments, Moment::at);
        }
        return true;
    }

    /** Returns the labels of all classes in the moments. */
    synchronized Set<String> labels() {
        return moments.stream()
                .flatMap(moment -> moment.classes().stream())
                .map(Moment.ClassPicture::label)
                .collect(Collectors.toSet());
    }

    synchronized void forget(String label) {
        forgotten++;
        moments.replaceAll(moment -> moment.without(label));
        pictures = Optional.empty();
    }

    synchronized Optional<Moment.ClassPicture> picture(String name) {
        Map<String, Moment.ClassPicture> byName = pictures.orElseGet(this::byName);
        pictures = Optional.of(byName);
        return Optional.ofNullable(byName.get(name));
    }

    private Map<String, Moment.ClassPicture> byName() {
        Map<String, Moment.ClassPicture> byName = new HashMap<>();
        moments.forEach(moment -> moment.classes().forEach(picture -> byName.put(picture.name(), picture)));
        return byName;
    }

    private long bytes() {
        Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        moments.forEach(moment -> moment.classes().forEach(picture -> distinct.add(picture.png())));
        return distinct.stream().mapToLong(png -> png.length).sum();
    }
}
