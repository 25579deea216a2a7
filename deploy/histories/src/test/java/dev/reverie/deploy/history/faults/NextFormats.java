package dev.reverie.deploy.history.faults;

import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.serialization.VersionedFormat.Reader;
import dev.reverie.actors.serialization.VersionedFormat.Writer;

/** What the woven code of a {@link Build} calls. The next version of each format begins with one more field. */
public final class NextFormats {

    private static final long FIELD = 0x5EED;

    private NextFormats() {}

    public static int newest(int present) {
        return present + 1;
    }

    public static String manifest(String present) {
        int colon = present.lastIndexOf(':');
        return present.substring(0, colon + 1) + newest(Integer.parseInt(present.substring(colon + 1)));
    }

    public static <T> Reader<T> reader(Reader<T> present, VersionedFormat<T> format) {
        return (input, version) -> {
            if (version < format.newest()) {
                return present.read(input, version);
            }
            if (input.readLong() != FIELD) {
                throw new IllegalArgumentException("the first field is not that of the next version");
            }
            return present.read(input, version - 1);
        };
    }

    public static <T> Writer<T> writer(Writer<T> present, VersionedFormat<T> format) {
        return (output, value) -> {
            output.writeLong(FIELD);
            present.write(output, value);
        };
    }
}
