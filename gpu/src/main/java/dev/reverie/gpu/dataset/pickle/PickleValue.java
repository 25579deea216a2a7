package dev.reverie.gpu.dataset.pickle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value on the stack of the pickle machine. Lists and dictionaries grow as it is, and may hold themselves: so nothing
 * here is ever compared, hashed, printed or walked through in depth.
 */
sealed interface PickleValue {

    /** What it is to a reader of an error message. */
    String kind();

    /** Text, if it is text, or bytes taken for Latin-1 as Python 2 writes its texts. */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** None, True and False, which nothing here asks for but arrays and texts come with. */
    enum Constant implements PickleValue {
        NONE,
        TRUE,
        FALSE;

        @Override
        public String kind() {
            return "a constant";
        }
    }

    /** A whole number. */
    record Whole(long number) implements PickleValue {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** Unicode text. */
    record Text(String content) implements PickleValue {
        @Override
        public String kind() {
            return "a text";
        }

        @Override
        public Optional<String> text() {
            return Optional.of(content);
        }
    }

    /** Bytes, which in Python 2 are texts as well. */
    final class Bytes implements PickleValue {
        /**
         * Longer ones are no names; and as the same bytes may be met a million times, they are not copied each time.
         */
        private static final int LONGEST_TEXT = 1000;

        private final byte[] content;

        Bytes(byte[] content) {
            this.content = content;
        }

        /** Not a copy: an array takes it over. */
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

    /** A dictionary by texts. */
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

    /** An array of bytes, empty until its state comes. */
    final class Array implements PickleValue {
        private Optional<PickledArray> table = Optional.empty();

        Optional<PickledArray> table() {
            return table;
        }

        void fill(PickledArray content) {
            table = Optional.of(content);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /** NumPy's type of unsigned bytes, the only one there is here. */
    enum ElementType implements PickleValue {
        BYTE;

        @Override
        public String kind() {
            return "a type";
        }
    }

    /** Something that a pickle may name. */
    record Named(AllowedFunction function) implements PickleValue {
        @Override
        public String kind() {
            return "a function";
        }
    }
}
