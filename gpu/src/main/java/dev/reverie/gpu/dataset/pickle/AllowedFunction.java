package dev.reverie.gpu.dataset.pickle;

import java.util.stream.Stream;

/** The Python functions and classes that a pickle may refer to. {@link PickleCalls} implements each of them in Java. */
enum AllowedFunction {
    /** Creates an array whose shape, type and content follow in the pickle. */
    RECONSTRUCT("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"),
    /** Creates an array from its content. Used from protocol 5 on. */
    FROM_BUFFER("numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"),
    ARRAY("numpy.ndarray"),
    ELEMENT_TYPE("numpy.dtype"),
    /** Encodes text as bytes. Python 3 writes bytes this way in protocols 0 to 2, which have no opcode for bytes. */
    ENCODE("_codecs.encode");

    private static final int LONGEST_NAME = 80;

    private final String path;
    private final String newPath;

    AllowedFunction(String path) {
        this(path, path);
    }

    /** NumPy 2 moved its modules; pickles with the old and the new names are in use. */
    AllowedFunction(String path, String newPath) {
        this.path = path;
        this.newPath = newPath;
    }

    /**
     * Returns the function with the given name.
     *
     * @throws PickleException if the function is not allowed
     */
    static AllowedFunction named(String module, String name) throws PickleException {
        String path = module + "." + name;
        return Stream.of(values())
                .filter(function -> path.equals(function.path) || path.equals(function.newPath))
                .findFirst()
                .orElseThrow(() -> new PickleException("is a pickle that refers to " + printable(path)
                        + ": it may contain only dictionaries, lists, strings, integers and NumPy arrays"));
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
