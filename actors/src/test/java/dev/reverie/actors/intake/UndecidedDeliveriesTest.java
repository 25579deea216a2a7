package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of the deliveries that classes examine,")
class UndecidedDeliveriesTest {

    private final TestInbox<ClassMessage> actor = TestInbox.create();
    private final Map<String, ClassEntry> classes = Map.of("cat", entry(0, "cat"), "dog", entry(1, "dog"));
    private final UndecidedDeliveries undecided = new UndecidedDeliveries();

    @Test
    @DisplayName("those with a common class are decided in the order of their arrival, and others at once")
    void order() {
        // given
        PendingDelivery both = ask("cat", "dog");
        PendingDelivery cat = ask("cat");
        PendingDelivery dog = ask("dog");
        examine(cat, "cat");
        examine(both, "cat");
        assertThat(undecided.nextDue()).isEmpty();

        // when
        examine(both, "dog");

        // then
        assertThat(undecided.nextDue()).containsSame(both);
        undecided.remove(both);
        assertThat(undecided.nextDue()).containsSame(cat);
        undecided.remove(cat);
        assertThat(undecided.nextDue()).isEmpty();

        // and when
        examine(dog, "dog");

        // then
        assertThat(undecided.nextDue()).containsSame(dog);
        undecided.remove(dog);
        assertThat(undecided.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("one that is removed before its classes have replied no longer holds up others")
    void removal() {
        // given
        PendingDelivery both = ask("cat", "dog");
        PendingDelivery cat = ask("cat");
        examine(cat, "cat");
        assertThat(undecided.of(0)).containsExactly(both, cat);

        // when
        both.reply(DeliveryOutcome.Deferred.CHANGING);
        both.parts().forEach(DeliveryPart::release);
        undecided.remove(both);

        // then
        assertThat(undecided.nextDue()).containsSame(cat);
        assertThat(undecided.withId(both.id())).isEmpty();
        assertThat(actor.getAllReceived())
                .filteredOn(ClassCommand.Release.class::isInstance)
                .hasSize(2)
                .containsOnly(new ClassCommand.Release(both.id()));
    }

    private ClassEntry entry(int label, String name) {
        return new ClassEntry(label, name, actor.getRef(), new ClassCapacity(1, 0, 0));
    }

    private PendingDelivery ask(String... names) {
        List<Sample> samples = new ArrayList<>();
        for (String name : names) {
            samples.addAll(RunningIntake.samples(name, 1, 1));
        }
        PendingDelivery delivery = new PendingDelivery(
                new Delivery(IngestSource.HTTP, samples),
                TestInbox.<DeliveryOutcome>create().getRef());
        delivery.split(new BitSet(), ItemKeys.NONE);
        for (DeliveryPart part : delivery.parts()) {
            ClassEntry entry = Objects.requireNonNull(classes.get(part.className()));
            delivery.ask(part, entry, TestInbox.<ClassReply>create().getRef());
            undecided.add(delivery, entry.label());
        }
        return delivery;
    }

    private void examine(PendingDelivery delivery, String name) {
        ClassEntry entry = Objects.requireNonNull(classes.get(name));
        delivery.onExamined(
                entry, new ClassReply.Examined(delivery.id(), entry.label(), ClassReply.Finding.RESERVED, List.of(0)));
        undecided.onExamined(delivery);
    }
}
