package dev.reverie.gpu.dataset.pickle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value on the stack of the pickle machine. Lists and dictionaries can contain themselves, so values are never
 * compared, hashed, printed or traversed recursively.
 */
sealed interface PickleValue {

    /** Describes the kind of value for error messages. */
    String kind();

    /**
     * Returns the text of a string, or of bytes in Latin-1, because Python 2 writes strings as bytes; empty for other
     * values.
     */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** None, True or False, which pickles of arrays and strings contain but Reverie does not use. */
    enum Constant implements PickleValue {
        NONE,
        TRUE,
        FALSE;

        @Override
        public String kind() {
            return "a constant";
        }
    }

    /** An integer. */
    record Whole(long number) implements PickleValue {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** A Unicode string. */
    record Text(String content) implements PickleValue {
        @Override
        public String kind() {
            return "a string";
        }

        @Override
        public Optional<String> text() {
            return Optional.of(content);
        }
    }

    /** Bytes, which are also strings in Python 2. */
    final class Bytes implements PickleValue {
        /**
         * Maximum length of bytes that are converted to text: names are short, and a pickle can refer to the same bytes
         * a million times.
         */
        private static final int LONGEST_TEXT = 1000;

        private final byte[] content;

        Bytes(byte[] content) {
            this.content = content;
        }

        /** Returns the content without copying it, because an array takes ownership of the content. */
        byte[] content() {
            return content;
        }

        @Override
        public String kind() {
            return "bytes";
        }

        @Override
        public Optional<String> text() {
            return content.length > LONGEST_TEXT
                    ? Optional.empty()
                    : Optional.of(new String(content, StandardCharsets.ISO_8859_1));
        }
    }

    /** A list, which may still grow, or a tuple. */
    final class Sequence implements PickleValue {
        private final List<PickleValue> items;

        Sequence(List<PickleValue> items) {
            this.items = new ArrayList<>(items);
        }

        List<PickleValue> items() {
            return items;
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A dictionary whose keys are strings. */
    final class Dictionary implements PickleValue {
        private final Map<String, PickleValue> entries = new HashMap<>();

        Map<String, PickleValue> entries() {
            return entries;
        }

        @Override
        public String kind() {
            return "a dictionary";
        }
    }

    /** An array of bytes, empty until its state is set. */
    final class Array implements PickleValue {
        private Optional<PickledArray> content = Optional.empty();

        Optional<PickledArray> content() {
            return content;
        }

        void fill(PickledArray filled) {
            content = Optional.of(filled);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /** NumPy's type of unsigned bytes, the only supported type. */
    enum ElementType implements PickleValue {
        BYTE;

        @Override
        public String kind() {
            return "a type";
        }
    }

    /** An allowed function. */
    record Named(AllowedFunction function) implements PickleValue {
        @Override
        public String kind() {
            return "a function";
        }
    }
}
