package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.DeliveredItem;
import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.deduplication.DeliveredItemsEvent;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The record of delivered items, of which one node of a cluster at a time adds items,")
class SharedItemsTest extends AbstractSharedClassesTest {

    private static final long ITEM = 17;
    private static final String RECORD = DeliveredItemsActor.PERSISTENCE_ID.id();

    private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());

    private long[] items() {
        TestProbe<IntakeActor.Items> items = testKit.createTestProbe();
        intake.tell(new IntakeActor.GetItems(items.ref()));
        return items.receiveMessage().keys().toArray();
    }

    private TestProbe<DeliveryOutcome> deliverItem() {
        return deliver(new Delivery(
                IngestSource.FILE, RunningIntake.samples("cat", 1, 1), List.of(new DeliveredItem(ITEM, 1))));
    }

    @Test
    @DisplayName("is read when the node asks for its items, with those that other nodes have added meanwhile")
    void readLate() {
        journal.persistForRecovery(RECORD, List.of(new DeliveredItemsEvent.Added(ItemKeys.of(new long[] {ITEM}))));

        assertThat(items()).containsExactly(ITEM);

        deliverItem().expectMessage(new DeliveryOutcome.Accepted(0, 1));
    }

    @Test
    @DisplayName("takes no items before the node has asked for those of the others")
    void unread() {
        deliverItem().expectMessage(DeliveryOutcome.Deferred.of(StoreFailure.UNAVAILABLE));
    }

    @Test
    @DisplayName("gets an item when its samples are durable, and not before, since it would not be delivered again")
    void afterTheSamples() {
        items();
        TestProbe<DeliveryOutcome> outcome = deliverItem();

        ClassCommand.AddSamples samples = received(CAT, ClassCommand.AddSamples.class);

        assertThat(items()).isEmpty();

        judge(CAT, samples, SampleVerdict.STORED);

        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
        assertThat(items()).containsExactly(ITEM);
        assertThat(journal.expectNextPersistedClass(RECORD, DeliveredItemsEvent.Added.class)
                        .keys()
                        .toArray())
                .containsExactly(ITEM);
    }

    @Test
    @DisplayName("gets an item whose class has moved when it is delivered again, as a duplicate")
    void deliveredAgain() {
        items();
        TestProbe<DeliveryOutcome> moved = deliverItem();
        received(CAT, ClassCommand.AddSamples.class);
        directory.recover(CAT, 2);
        moved.expectMessage(UNREACHABLE);
        assertThat(items()).isEmpty();

        TestProbe<DeliveryOutcome> again = deliverItem();
        judge(CAT, SampleVerdict.DUPLICATE);

        again.expectMessage(new DeliveryOutcome.Accepted(0, 1));
        assertThat(items()).containsExactly(ITEM);
    }
}
