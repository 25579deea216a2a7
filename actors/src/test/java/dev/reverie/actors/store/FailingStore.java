package dev.reverie.actors.store;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;

/** An actor system with an in-memory store that fails on demand. */
public final class FailingStore implements AutoCloseable {

    private final ActorTestKit testKit = ActorTestKit.create(
            "failing",
            PersistenceTestKitPlugin.config()
                    .withFallback(PersistenceTestKitSnapshotPlugin.config())
                    .withFallback(ConfigFactory.load("reverie"))
                    .resolve());
    private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());

    public ActorTestKit testKit() {
        return testKit;
    }

    /** Controls the journal: which writes fail, and what was written. */
    public PersistenceTestKit journal() {
        return journal;
    }

    @Override
    public void close() {
        testKit.shutdownTestKit();
    }
}
