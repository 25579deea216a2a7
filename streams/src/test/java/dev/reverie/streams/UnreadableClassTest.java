package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.actors.telemetry.IngestSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A service with a class that can no longer be read from its store")
class UnreadableClassTest extends ServiceFixture {

    private static final String CAT_VISIT = "match 0";
    /** By then, all three classes are visited in each loop. */
    private static final int LATER_LOOP = 20;

    @Test
    @DisplayName("learns the other classes, even if it was about to visit this one, and says that it was not saved")
    void othersLearn() throws SQLException {
        CompletableFuture<Void> matching = new CompletableFuture<>();
        CompletableFuture<Void> freed = new CompletableFuture<>();
        fixture.doingAt(CAT_VISIT, LATER_LOOP, () -> {
            matching.complete(null);
            freed.join();
        });
        List<Sample> samples = Stream.of("cat", "dog", "bird")
                .flatMap(UnreadableClassTest::samples)
                .toList();
        await(service.admit(new Delivery(IngestSource.HTTP, samples)));
        await(matching);

        addUnreadableEvent("class|2");
        assertThat(admit("bird", 1, 9)).isInstanceOf(DeliveryOutcome.Deferred.class);
        freed.complete(null);

        awaitLoops(2);
        assertThat(await(service.stop(GRACE))).isFalse();
        assertThat(StoreFile.in(folder).execute("DELETE FROM \"event_journal\" WHERE \"writer\" = 'test'"))
                .isOne();
        service = started();
        assertThat(status("bird").seen()).isEqualTo(6);
    }

    private static Stream<Sample> samples(String label) {
        return RunSettings.images(6, label.hashCode()).stream()
                .map(image -> new Sample(label, Optional.empty(), image));
    }

    /** The next event of the actor is refused, because this one has its number. The actor then cannot recover. */
    private void addUnreadableEvent(String persistenceId) throws SQLException {
        assertThat(StoreFile.in(folder)
                        .execute("INSERT INTO event_journal SELECT persistence_id, MAX(sequence_number) + 1, deleted,"
                                + " 'test', 0, '', event_ser_id, event_ser_manifest, X'00112233', X''"
                                + " FROM event_journal WHERE persistence_id = '" + persistenceId
                                + "' GROUP BY persistence_id"))
                .isOne();
    }
}
