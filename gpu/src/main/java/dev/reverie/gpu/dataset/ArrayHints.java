package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What decides how an array of images is read if its shape alone does not.
 *
 * @param layout where the channels are, if the sender says so
 * @param service returns the shape of the images that a service stores, if it has any; called only in doubt
 */
public record ArrayHints(Optional<Layout> layout, Supplier<Optional<ImageShape>> service) {

    /** Leaves doubts as they are. */
    public static final ArrayHints NONE = new ArrayHints(Optional.empty(), Optional::empty);

    /** Place of the channels among the dimensions of an image. */
    public enum Layout {
        /** [C, H, W]. */
        CHANNELS_FIRST,
        /** [H, W, C]. */
        CHANNELS_LAST;

        /** Returns the name in a query, for example {@code channels-first}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Returns the reading of an array that fits what is known.
     *
     * @param labels number of labels, if there is one per image
     * @throws NpzException if the array is not one of images, or several readings fit
     */
    NpyImages read(NpyArray array, OptionalInt labels) throws NpzException {
        List<NpyImages> readings = NpyImages.readings(array);
        if (labels.isPresent()) {
            readings = narrowed(readings, reading -> reading.count() == labels.getAsInt());
        }
        if (layout.isPresent()) {
            readings = ofLayout(array, readings);
        }
        if (readings.size() > 1) {
            readings = ofService(readings);
        }
        if (readings.size() > 1) {
            throw new NpzException("has shape " + array.shape() + ", which can be "
                    + readings.stream().map(NpyImages::toString).collect(Collectors.joining(" or "))
                    + ": reshape it to [images, channels, height, width] or, over HTTP, add layout=channels-first or"
                    + " layout=channels-last to the query");
        }
        return readings.getFirst();
    }

    /** Keeps the readings that have a property, or all if none has it. */
    private static List<NpyImages> narrowed(List<NpyImages> readings, Predicate<NpyImages> property) {
        List<NpyImages> narrowed = readings.stream().filter(property).toList();
        return narrowed.isEmpty() ? readings : narrowed;
    }

    /** Keeps the readings with the channels in their place, or those of grey images if there are no others. */
    private List<NpyImages> ofLayout(NpyArray array, List<NpyImages> readings) throws NpzException {
        List<NpyImages> placed = narrowed(readings, reading -> reading.layout().equals(layout));
        if (placed.stream()
                .anyMatch(reading -> !reading.layout().or(() -> layout).equals(layout))) {
            throw new NpzException("has shape " + array.shape() + ", which is not that of images with layout="
                    + layout.get() + ": correct the layout or the shape");
        }
        return placed;
    }

    private List<NpyImages> ofService(List<NpyImages> readings) {
        Optional<ImageShape> stored = service.get();
        if (stored.isEmpty()) {
            return readings;
        }
        List<NpyImages> fitting = narrowed(readings, reading -> reading.shape().equals(stored.get()));
        return narrowed(
                fitting, reading -> reading.shape().channels() == stored.get().channels());
    }
}
