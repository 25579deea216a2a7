package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ways in which a class step decodes the stored images of its class (IDC). A published set is always decoded as in
 * the mode {@link #SINGLE}.
 */
public enum DecodingMode implements Labelled {
    /** Decodes every stored image with the multi-formation factor. */
    SINGLE,
    /** Decodes every stored image with every factor from 1 to the multi-formation factor. */
    MULTI,
    /**
     * Decodes the first stored images with the multi-formation factor and the following ones with smaller factors, so
     * that, if possible, no more images are decoded than a step uses.
     */
    BOUND;

    /** A decoded image: a cell of a stored image that is divided into factor * factor cells. */
    public record Cell(int stored, int cell, int factor) {}

    /** Lists the decoded images, of which a step uses at most {@code most}. */
    public List<Cell> cells(int stored, int factor, int most) {
        return switch (this) {
            case SINGLE -> cellsOf(0, stored, factor);
            case MULTI ->
                IntStream.rangeClosed(1, factor)
                        .mapToObj(each -> cellsOf(0, stored, each))
                        .flatMap(List::stream)
                        .toList();
            case BOUND -> bounded(stored, factor, most);
        };
    }

    private static List<Cell> bounded(int stored, int factor, int most) {
        List<Cell> cells = new ArrayList<>();
        int first = 0;
        for (int each = factor; each > 1; each--) {
            int left = stored - first;
            int room = Math.max(0, most - cells.size() - left);
            int fitting = Math.min(room / (each * each), left);
            cells.addAll(cellsOf(first, fitting, each));
            first += fitting;
        }
        cells.addAll(cellsOf(first, stored - first, 1));
        return cells;
    }

    /** Lists cells in cell-major order, as in decoded batches. */
    private static List<Cell> cellsOf(int first, int count, int factor) {
        List<Cell> cells = new ArrayList<>();
        for (int cell = 0; cell < factor * factor; cell++) {
            for (int i = 0; i < count; i++) {
                cells.add(new Cell(first + i, cell, factor));
            }
        }
        return cells;
    }
}
