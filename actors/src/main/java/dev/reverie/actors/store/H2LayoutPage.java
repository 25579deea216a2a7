package dev.reverie.actors.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * A page of the layout of an H2 file, which is the map that says where everything is. H2 allocates the keys of a page,
 * and each string, in the size that the page declares, before it reads them. A damaged size could therefore take most
 * of the memory, once for each version of the file that contains the page.
 */
final class H2LayoutPage {

    private static final int LAYOUT_MAP = 0;
    private static final int ASCII = 0x80;
    private static final int THREE_BYTES = 0xe0;
    private static final int BYTE = 0xff;

    private H2LayoutPage() {}

    /**
     * Checks that a page has as much content as it declares. Does not check pages of other maps, the strings of a
     * compressed page, or a page of which H2 has read only the beginning.
     *
     * @param content the page, from its position to its limit, both of which stay as they are
     * @throws MVStoreException if the page is damaged
     */
    static void requireContent(ByteBuffer content) {
        ByteBuffer page = content.duplicate();
        try {
            if (page.getInt() > content.remaining()) {
                return;
            }
            page.getShort(); // check value of the position
            DataUtils.readVarInt(page); // number of the page
            if (DataUtils.readVarInt(page) != LAYOUT_MAP) {
                return;
            }
            int keys = requireBytes(page, DataUtils.readVarInt(page));
            byte type = page.get();
            if ((type & DataUtils.PAGE_COMPRESSED) != 0) {
                return;
            }
            boolean isLeaf = (type & DataUtils.PAGE_TYPE_NODE) == 0;
            if (!isLeaf) {
                skipChildren(page, keys + 1);
            }
            int strings = isLeaf ? 2 * keys : keys;
            for (int string = 0; string < strings; string++) {
                skipString(page);
            }
        } catch (BufferUnderflowException | IllegalArgumentException tooShort) {
            throw damaged();
        }
    }

    private static void skipChildren(ByteBuffer page, int children) {
        page.position(page.position() + children * Long.BYTES);
        for (int child = 0; child < children; child++) {
            DataUtils.readVarLong(page); // number of entries below the child
        }
    }

    private static void skipString(ByteBuffer page) {
        for (int left = requireBytes(page, DataUtils.readVarInt(page)); left > 0; left--) {
            int first = page.get() & BYTE;
            int more = first < ASCII ? 0 : first < THREE_BYTES ? 1 : 2;
            page.position(page.position() + more);
        }
    }

    /** Returns the number of items, if at least as many bytes of the page are left. */
    private static int requireBytes(ByteBuffer page, int number) {
        if (number < 0 || number > page.remaining()) {
            throw damaged();
        }
        return number;
    }

    private static MVStoreException damaged() {
        return DataUtils.newMVStoreException(
                DataUtils.ERROR_FILE_CORRUPT, "A page of the layout has less content than it says");
    }
}
