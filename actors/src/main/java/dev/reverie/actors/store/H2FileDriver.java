package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Logger;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Opens the H2 files of stores, for the stores and for Pekko Persistence. When a write fails, H2 closes the database,
 * but not its connections, which go on to report that they are valid, and which would hide the database from H2 when
 * the file is opened again. This driver therefore closes all connections to a failed database before it opens the file
 * again. The failed write can also hide the newest version from H2, which would silently return to an older one, so the
 * driver recovers the file first. After a failed flush, it also writes the whole file again. It opens no file after its
 * store is closed. Thread safe.
 */
public final class H2FileDriver implements Driver {

    private static final String PREFIX = "jdbc:reverie:";
    private static final int PART_BYTES = 1 << 20;

    /** Guards the collections, and ensures that a file is opened by one thread at a time. */
    private static final Object LOCK = new Object();

    private static final Set<String> ADMITTED = new HashSet<>();
    private static final Map<String, org.h2.engine.Database> OPENED = new HashMap<>();

    /** The files whose last flush failed. */
    private static final Set<String> UNFLUSHED = new HashSet<>();

    static {
        try {
            DriverManager.registerDriver(new H2FileDriver());
        } catch (SQLException failure) {
            throw new ExceptionInInitializerError(failure);
        }
    }

    /** Created by the connection pool. */
    public H2FileDriver() {}

    /** The URL of a file for this driver. Admits connections to it, until {@link #close}. */
    static String admit(String h2Url) {
        synchronized (LOCK) {
            String url = PREFIX + h2Url;
            ADMITTED.add(url);
            return url;
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        synchronized (LOCK) {
            if (!ADMITTED.contains(url)) {
                throw new SQLException("the store is closed");
            }
            org.h2.engine.Database last = OPENED.get(url);
            if (last != null && !isOpen(last)) {
                abandon(last);
                recover(last, UNFLUSHED.contains(url));
                UNFLUSHED.remove(url);
            }
            Connection connection =
                    org.h2.Driver.load().connect("jdbc:h2:" + url.substring(PREFIX.length()), properties);
            OPENED.put(url, session(connection).getDatabase());
            return connection;
        }
    }

    /** Whether a connection still belongs to an open database. */
    static boolean isOpen(Connection connection) throws SQLException {
        return connection.isValid(1) && isOpen(session(connection).getDatabase());
    }

    private static boolean isOpen(org.h2.engine.Database database) {
        MVStore store = database.getStore().getMvStore();
        return store.getPanicException() == null && !store.isClosed();
    }

    /** The session of a connection to an H2 file that this process has opened. */
    static SessionLocal session(Connection connection) throws SQLException {
        if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            return session;
        }
        throw new SQLException("the database is not a file of this process");
    }

    /** Closes a database whose file could not be flushed. */
    static void closeUnflushed(MVStore store) {
        synchronized (LOCK) {
            OPENED.forEach((url, database) -> {
                if (database.getStore().getMvStore() == store) {
                    UNFLUSHED.add(url);
                }
            });
            store.closeImmediately();
        }
    }

    /** Lets H2 find the newest version in the file of a database that a failed write or flush has closed. */
    private static void recover(org.h2.engine.Database failed, boolean unflushed) throws SQLException {
        String file = failed.getStore().getMvStore().getFileStore().getFileName();
        Path path = Path.of(FilePath.get(file).unwrap().toString());
        try {
            H2Recovery recovery = H2TruncationCheck.requireComplete(path, failed.getName());
            if (unflushed) {
                writeAgain(file);
                verifyThenRecover(file, path, failed.getName(), recovery);
            } else {
                recovery.apply(file);
                recovery.warnOfLostWrites(failed.getName());
            }
        } catch (StoreException failure) {
            throw new SQLException(failure);
        }
    }

    /** The operating system may have dropped a part of the file, which H2 does not detect. */
    private static void verifyThenRecover(String file, Path path, String name, H2Recovery recovery)
            throws SQLException {
        String fileSystem = file.substring(0, file.length() - path.toString().length());
        String database = path.resolveSibling(Store.H2_NAME).toString();
        H2DryRun.verifyThenRecover(fileSystem, database, Database.h2(name, fileSystem + database), recovery);
    }

    /**
     * Writes everything in a file again and flushes it. The operating system does not write what it could not write
     * before a second time, although it may still have it in memory.
     */
    private static void writeAgain(String file) throws SQLException {
        try (FileChannel channel = FilePath.get(file).open("rw")) {
            ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
            long position = 0;
            while (channel.read(part.clear(), position) > 0) {
                part.flip();
                while (part.hasRemaining()) {
                    position += channel.write(part, position);
                }
            }
            channel.force(true);
        } catch (IOException failure) {
            throw new SQLException(failure);
        }
    }

    /** Refuses further connections to a file, and closes the file unless that was done. */
    static void close(String url) {
        synchronized (LOCK) {
            ADMITTED.remove(url);
            UNFLUSHED.remove(url);
            org.h2.engine.Database last = OPENED.remove(url);
            if (last != null) {
                abandon(last);
            }
        }
    }

    /** Closes a database and all connections to it, without writing. Has no effect on a closed database. */
    private static void abandon(org.h2.engine.Database database) {
        if (isOpen(database) || database.getSessions(false).length > 0) {
            database.shutdownImmediately();
        }
        for (SessionLocal session : database.getSessions(false)) {
            try {
                session.close();
            } catch (RuntimeException failure) {
                // The session is closed nevertheless; its last transaction is not committed.
            }
        }
        database.getLobStorage().close(); // ends its thread
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return true;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(H2FileDriver.class.getPackageName());
    }
}
