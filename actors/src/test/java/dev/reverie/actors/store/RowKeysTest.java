package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keys of the rows that a query has found")
class RowKeysTest {

    @Test
    @DisplayName("are invalid if the checksum does not match, if the key is not unique, or if damage has made it NULL")
    void findsInvalidKeys() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("VALUES ('class|0', 1, TRUE), ('class|0', 2, FALSE),"
                        + " ('class|1', 4, TRUE), ('class|1', 4, TRUE), (NULL, 5, TRUE)")) {
            assertThat(RowKeys.of(rows, () -> {}).invalid())
                    .isEqualTo(Map.of(
                            "class|0", new TreeSet<>(List.of(2L)),
                            "class|1", new TreeSet<>(List.of(4L)),
                            "", new TreeSet<>(List.of(5L))));
        }
    }
}
