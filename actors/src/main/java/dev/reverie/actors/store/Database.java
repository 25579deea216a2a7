package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * A database that a store lies in.
 *
 * @param name as users know it, without credentials
 * @param driver class of its JDBC driver
 * @param profile class of Slick's dialect
 * @param schema resource with the statements that create the tables, divided by semicolons at the ends of lines
 */
record Database(String name, String url, String user, String password, String driver, String profile, String schema) {

    /**
     * H2 in a file of a folder. It is flushed at every commit: by default H2 answers first and writes later, and a kill
     * in between loses what was acknowledged.
     */
    static Database h2(String name, String path) {
        return new Database(
                name,
                "jdbc:h2:file:" + path + ";WRITE_DELAY=0;DATABASE_TO_UPPER=FALSE;DB_CLOSE_ON_EXIT=FALSE",
                "sa",
                "",
                "org.h2.Driver",
                "slick.jdbc.H2Profile$",
                "h2.sql");
    }

    static Database postgres(String url, String user, String password) {
        return new Database(
                url, url, user, password, "org.postgresql.Driver", "slick.jdbc.PostgresProfile$", "postgres.sql");
    }

    Connection connect() throws SQLException {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        return DriverManager.getConnection(url, credentials);
    }

    /** What Pekko Persistence is told about this database. */
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
