package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The classes of the intake")
class ClassTableTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final ClassInfo COLLECTING = ClassInfos.of(0, "cat", ClassPhase.COLLECTING, 3);

    private final ClassTable table = new ClassTable();
    private final ClassEntry cat = entry(0, "cat");

    private static ClassEntry entry(int classIndex, String name) {
        return new ClassEntry(classIndex, name, TestInbox.<ClassMessage>create().getRef());
    }

    private static ClassReport.Failed failed(StoreFailure failure) {
        return new ClassReport.Failed(0, failure, "no route to the node");
    }

    @BeforeEach
    void add() {
        table.add(cat);
        cat.update(COLLECTING);
    }

    @Test
    @DisplayName("are listed anew only after one of them has changed, so that frequent health checks are cheap")
    void unchanged() {
        List<OpenClass> known = table.known();

        assertThat(known).extracting(each -> each.info().label()).containsExactly("cat");
        assertThat(table.known()).isSameAs(known);
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(1, 3, 3, List.of()));
    }

    static Stream<Named<Consumer<ClassEntry>>> changes() {
        return Stream.of(
                Named.of("information", entry -> entry.update(ClassInfos.of(0, "cat", ClassPhase.CONVERGED, 4))),
                Named.of("failure", entry -> entry.onFailed(failed(StoreFailure.UNAVAILABLE), NOW)),
                Named.of("damage", entry -> entry.onFailed(failed(StoreFailure.DAMAGED), NOW)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    @DisplayName("show each change at once")
    void changed(Consumer<ClassEntry> change) {
        List<OpenClass> before = table.known();

        change.accept(cat);

        assertThat(table.known()).containsExactly(cat.known()).isNotEqualTo(before);
    }

    @Test
    @DisplayName("show a class when the registry has recorded its samples, and not after it is forgotten")
    void addedAndRemoved() {
        ClassEntry dog = entry(1, "dog");
        table.add(dog);
        dog.update(ClassInfos.of(1, "dog", ClassPhase.COLLECTING, 5));
        assertThat(table.known()).extracting(each -> each.info().label()).containsExactly("cat", "dog");
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(2, 8, 8, List.of()));

        table.remove(dog);
        assertThat(table.known()).extracting(each -> each.info().label()).containsExactly("cat");
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(1, 3, 3, List.of()));
    }

    @Test
    @DisplayName("name those whose actors stopped before they were saved, unless they were forgotten")
    void unsaved() {
        ActorTestKit testKit = ActorTestKit.create();
        ActorRef<ClassMessage> stopped = testKit.spawn(Behaviors.stopped());
        testKit.createTestProbe().expectTerminated(stopped);
        for (int index : List.of(1, 2)) {
            ClassEntry entry = new ClassEntry(index, "class-" + index, stopped);
            entry.update(ClassInfos.of(index, entry.label(), ClassPhase.COLLECTING, 3));
            table.add(entry);
        }
        table.at(2).orElseThrow().failAsks();

        assertThat(table.save(index -> index > 0, testKit.system().scheduler())
                        .toCompletableFuture()
                        .join())
                .containsExactly("class-1");
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("stop failing as time passes, without any change")
    void failing() {
        cat.onFailed(failed(StoreFailure.UNAVAILABLE), NOW);
        cat.onWorks();

        assertThat(table.summary(NOW.plusSeconds(29)).failing()).containsExactly("cat");
        assertThat(table.summary(NOW.plusSeconds(30)).failing()).isEmpty();
    }
}
