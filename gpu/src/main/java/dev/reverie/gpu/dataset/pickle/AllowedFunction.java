package dev.reverie.gpu.dataset.pickle;

import java.util.stream.Stream;

/** The Python functions and classes that a pickle may reference; our own code replaces each of them. */
enum AllowedFunction {
    /** Makes an array that gets its state afterwards. */
    RECONSTRUCT("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"),
    /** Makes an array at once; from protocol 5 on. */
    FROM_BUFFER("numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"),
    ARRAY("numpy.ndarray"),
    ELEMENT_TYPE("numpy.dtype"),
    /** How Python 3 writes bytes below protocol 3, which knows none. */
    ENCODE("_codecs.encode");

    private static final int LONGEST_NAME = 80;

    private final String path;
    private final String newPath;

    AllowedFunction(String path) {
        this(path, path);
    }

    /** NumPy 2 moved its parts, and pickles of either name are about. */
    AllowedFunction(String path, String newPath) {
        this.path = path;
        this.newPath = newPath;
    }

    /**
     * The function of that name.
     *
     * @throws PickleException if a pickle of data has no business with it
     */
    static AllowedFunction named(String module, String name) throws PickleException {
        String path = module + "." + name;
        return Stream.of(values())
                .filter(function -> path.equals(function.path) || path.equals(function.newPath))
                .findFirst()
                .orElseThrow(() -> new PickleException("is a pickle that asks for " + printable(path)
                        + ": it may hold dictionaries, lists, texts, whole numbers and NumPy arrays alone"));
    }

    private static String printable(String path) {
        String shortened = path.length() > LONGEST_NAME ? path.substring(0, LONGEST_NAME) + "..." : path;
        return shortened.replaceAll("[^ -~]", "?");
    }

    @Override
    public String toString() {
        return path;
    }
}
