package dev.reverie.actors.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;
import org.sqlite.Function;

/**
 * The checksum of a row as a function of SQLite, whose arguments are the columns that are checked, the payload last:
 * the SHA-256 of the texts of the others and the SHA-256 of the payload, with spaces between them. PostgreSQL generates
 * the same.
 */
final class RowChecksum extends Function {

    static final String FUNCTION = "row_checksum";

    private final MessageDigest digest = DigestUtils.getSha256Digest();

    private RowChecksum() {}

    /** Lets the statements of a connection use the function. */
    static void define(Connection connection) throws SQLException {
        Function.create(connection, FUNCTION, new RowChecksum(), Function.FLAG_DETERMINISTIC);
    }

    @Override
    protected void xFunc() throws SQLException {
        StringBuilder row = new StringBuilder();
        int payload = args() - 1;
        for (int column = 0; column < payload; column++) {
            row.append(value_text(column)).append(' ');
        }
        byte[] content = value_blob(payload);
        row.append(HexFormat.of().formatHex(digest.digest(content == null ? new byte[0] : content)));
        result(digest.digest(row.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
