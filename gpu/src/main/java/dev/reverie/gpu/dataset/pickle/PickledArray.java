package dev.reverie.gpu.dataset.pickle;

/** A two-dimensional NumPy array of unsigned bytes. Immutable. Instances are compared by identity. */
public final class PickledArray {

    private final int rows;
    private final int columns;
    private final boolean byColumn;
    private final byte[] content;

    /** Creates an array that takes ownership of {@code content}, which has {@code rows * columns} bytes. */
    PickledArray(int rows, int columns, boolean byColumn, byte[] content) {
        this.rows = rows;
        this.columns = columns;
        this.byColumn = byColumn;
        this.content = content;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Writes row {@code row} to the first {@link #columns()} elements of {@code target}. */
    public void copyRow(int row, byte[] target) {
        if (byColumn) {
            for (int column = 0; column < columns; column++) {
                target[column] = content[column * rows + row];
            }
        } else {
            System.arraycopy(content, row * columns, target, 0, columns);
        }
    }
}
