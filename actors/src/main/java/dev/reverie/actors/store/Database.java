package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Describes the database of a store: how to connect to it, and how to configure Pekko Persistence for it.
 *
 * @param name name of the store as shown in messages to users; contains no credentials
 * @param driver class name of the JDBC driver
 * @param profile class name of the Slick profile
 * @param schema resource with the statements that create the tables; each statement ends with a semicolon at the end of
 *     a line
 * @param lock the lock of the store; empty for a database in a file, whose folder is locked
 */
record Database(
        String name,
        String url,
        String user,
        String password,
        String driver,
        String profile,
        String schema,
        Optional<ServerLock> lock) {

    /**
     * Settings of the PostgreSQL driver. Without them, a server that does not respond, or a broken network, would block
     * a connection for hours.
     */
    private static final Map<String, String> POSTGRES_DEFAULTS = Map.of("connectTimeout", "10", "tcpKeepAlive", "true");

    /** Time-out of a statement, in seconds: longer than any statement of a running service takes. */
    static final int SOCKET_TIMEOUT = 60;

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
                "h2.sql",
                Optional.empty());
    }

    /**
     * A database of a PostgreSQL server.
     *
     * @param url JDBC URL without credentials; what it says takes precedence over the settings of this class
     * @param lock how this process uses the store
     */
    static Database postgres(String url, String user, String password, ServerLock lock) {
        return new Database(
                url,
                complete(url, SOCKET_TIMEOUT),
                user,
                password,
                "org.postgresql.Driver",
                "slick.jdbc.PostgresProfile$",
                "postgres.sql",
                Optional.of(lock));
    }

    private static String complete(String url, int timeout) {
        Map<String, String> settings = new TreeMap<>(POSTGRES_DEFAULTS);
        settings.put("socketTimeout", String.valueOf(timeout));
        StringBuilder complete = new StringBuilder(url);
        settings.forEach((key, value) -> {
            if (!url.contains(key + "=")) {
                complete.append(complete.indexOf("?") < 0 ? '?' : '&').append(key + "=" + value);
            }
        });
        return complete.toString();
    }

    /** Whether the database is on a server rather than in a file. */
    boolean onServer() {
        return lock.isPresent();
    }

    Connection connect() throws SQLException {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        return DriverManager.getConnection(url, credentials);
    }

    /** Opens a connection that writes rows; fails if another process uses the store. */
    Connection connectWriter() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            if (lock.isPresent()) {
                statement.execute(lock.get().writerStatement());
            }
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
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
        Map<String, String> settings = new HashMap<>(Map.of(
                slick + "profile", profile,
                slick + "db.url", url,
                slick + "db.user", user,
                slick + "db.password", password,
                slick + "db.driver", driver));
        lock.ifPresent(held -> {
            settings.put(slick + "db.connectionInitSql", held.writerStatement());
            settings.put(slick + "db.url", complete(name, held.writeTimeout()));
        });
        return ConfigFactory.parseMap(settings);
    }
}
