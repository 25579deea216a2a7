package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * Describes the database of a store: how to connect to it, and how to configure Pekko Persistence for it.
 *
 * @param name name of the store as shown in messages to users; contains no credentials
 * @param driver class name of the JDBC driver
 * @param profile class name of the Slick profile
 * @param schema resource with the statements that create the tables; each statement ends with a semicolon at the end of
 *     a line
 */
record Database(String name, String url, String user, String password, String driver, String profile, String schema) {

    /**
     * H2 in a file, flushed at every commit. By default, H2 acknowledges a commit before it writes the data, so
     * acknowledged data would be lost if the process were killed in between.
     */
    static Database h2(String name, String path) {
        return new Database(
                name,
                H2FileDriver.admit("file:" + path
                        + ";WRITE_DELAY=0;DATABASE_TO_UPPER=FALSE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"),
                "sa",
                "",
                H2FileDriver.class.getName(),
                "slick.jdbc.H2Profile$",
                "h2.sql");
    }

    static Database postgres(String url, String user, String password) {
        return new Database(
                url, url, user, password, "org.postgresql.Driver", "slick.jdbc.PostgresProfile$", "postgres.sql");
    }

    /** Whether the database is on a server rather than in a file. */
    boolean onServer() {
        return url.startsWith("jdbc:postgresql:");
    }

    Connection connect() throws SQLException {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        return DriverManager.getConnection(url, credentials);
    }

    /** Closes the file of the database in this process, if it is in a file. */
    void close() {
        if (!onServer()) {
            H2FileDriver.close(url);
        }
    }

    /** Settings of Pekko Persistence for this database. */
    Config configuration() {
        String slick = "pekko-persistence-jdbc.shared-databases.slick.";
        return ConfigFactory.parseMap(Map.of(
                slick + "profile", profile,
                slick + "db.url", url,
                slick + "db.user", user,
                slick + "db.password", password,
                slick + "db.driver", driver));
    }
}
