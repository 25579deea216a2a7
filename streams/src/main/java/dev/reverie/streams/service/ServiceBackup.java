package dev.reverie.streams.service;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A backup that a service has begun. It holds what was durable at that moment, and resources until it is closed. */
public interface ServiceBackup extends AutoCloseable {

    /** Returns the bytes of the backup, read from the store as they are asked for. Can be run once. */
    Source<ByteString, NotUsed> content();

    /** Ends the backup, even if its bytes are still being read. Further calls have no effect. */
    @Override
    void close();
}
