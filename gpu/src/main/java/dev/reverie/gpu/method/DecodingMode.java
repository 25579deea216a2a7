package dev.reverie.gpu.method;

import java.util.ArrayList;
import java.util.List;

/** Which decoded images of a class a step sees (IDC). A set that is handed out is always decoded singly. */
public enum DecodingMode {
    /** Every stored image by the multi-formation factor. */
    SINGLE {
        @Override
        public List<Cell> cells(int stored, int factor, int most) {
            return cellsOf(0, stored, factor);
        }
    },

    /** Every stored image by every factor up to that one. */
    MULTI {
        @Override
        public List<Cell> cells(int stored, int factor, int most) {
            List<Cell> cells = new ArrayList<>();
            for (int each = 1; each <= factor; each++) {
                cells.addAll(cellsOf(0, stored, each));
            }
            return cells;
        }
    },

    /** The first stored images by the factor, the next by smaller ones, so that no more are decoded than are seen. */
    BOUND {
        @Override
        public List<Cell> cells(int stored, int factor, int most) {
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
    };

    /**
     * A decoded image.
     *
     * @param stored index of the image that it is cut out of
     * @param cell of that image
     * @param factor that cuts it into factor * factor cells
     */
    public record Cell(int stored, int cell, int factor) {}

    /**
     * The decoded images.
     *
     * @param stored number of stored images
     * @param most of them that a step sees
     */
    public abstract List<Cell> cells(int stored, int factor, int most);

    /** Cell by cell, as they are written. */
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
