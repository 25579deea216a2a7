package dev.reverie.gpu.dataset.matlab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The first 128 bytes of a MAT-file, which determine its level. */
final class MatHeader {

    private static final int LENGTH = 128;
    private static final int VERSION = 124;
    private static final int LEVEL_5 = 0x0100;
    private static final int LEVEL_7_3 = 0x0200;
    private static final String HDF5 = "\u0089HDF";
    private static final int LEVEL_4_LENGTH = 20;
    private static final int LONGEST_LEVEL_4_NAME = 64;

    private MatHeader() {}

    /**
     * Reads the header.
     *
     * @return the byte order of the rest of the file
     * @throws MatException if the file is not a MAT-file of level 5
     */
    static ByteOrder read(InputStream in) throws IOException, MatException {
        byte[] header = in.readNBytes(LENGTH);
        if (new String(header, StandardCharsets.ISO_8859_1).startsWith(HDF5)) {
            throw otherLevel("7.3 (HDF5)");
        }
        if (header.length == LENGTH) {
            String endian = new String(header, VERSION + Short.BYTES, Short.BYTES, StandardCharsets.ISO_8859_1);
            if (endian.equals("IM") || endian.equals("MI")) {
                ByteOrder order = endian.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
                requireLevel5(ByteBuffer.wrap(header).order(order).getShort(VERSION));
                return order;
            }
        }
        if (isLevel4(header, ByteOrder.LITTLE_ENDIAN) || isLevel4(header, ByteOrder.BIG_ENDIAN)) {
            throw otherLevel("4");
        }
        throw new MatException("is not a MAT-file");
    }

    private static void requireLevel5(int version) throws MatException {
        if (version == LEVEL_7_3) {
            throw otherLevel("7.3 (HDF5)");
        }
        if (version != LEVEL_5) {
            throw otherLevel("0x%04x".formatted(version & 0xffff));
        }
    }

    /** Checks for the header of a level 4 matrix: type, rows, columns, complex or not, length of the name. */
    private static boolean isLevel4(byte[] header, ByteOrder order) {
        if (header.length < LEVEL_4_LENGTH) {
            return false;
        }
        ByteBuffer numbers = ByteBuffer.wrap(header).order(order);
        int type = numbers.getInt();
        boolean typed = type >= 0 && type < 5000 && type / 100 % 10 == 0 && type / 10 % 10 <= 5 && type % 10 <= 2;
        int rows = numbers.getInt();
        int columns = numbers.getInt();
        boolean sized = rows > 0 && columns > 0;
        int complex = numbers.getInt();
        int name = numbers.getInt();
        return typed && sized && (complex == 0 || complex == 1) && name > 1 && name <= LONGEST_LEVEL_4_NAME;
    }

    private static MatException otherLevel(String level) {
        return new MatException("is a MAT-file of level " + level + ", but only level 5 is supported");
    }
}
