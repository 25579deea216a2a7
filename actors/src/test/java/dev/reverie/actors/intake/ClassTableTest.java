package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The classes of the intake")
class ClassTableTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ClassTable table = new ClassTable();
    private final ClassEntry cat = entry(0, "cat");

    private static ClassEntry entry(int label, String name) {
        return new ClassEntry(label, name, TestInbox.<ClassMessage>create().getRef());
    }

    private static ClassReport.Recovered recovered(int label, ClassPhase phase, long seen) {
        return new ClassReport.Recovered(label, 1, phase, seen, 2, Optional.empty(), false);
    }

    private static ClassReport.Failed failed(StoreFailure failure) {
        return new ClassReport.Failed(0, failure, "no route to the node");
    }

    @BeforeEach
    void add() {
        table.add(cat);
        cat.onRecovered(recovered(0, ClassPhase.COLLECTING, 3));
    }

    @Test
    @DisplayName("are listed anew only after one of them has changed, so that frequent health checks are cheap")
    void unchanged() {
        List<ClassHandle> handles = table.handles();

        assertThat(handles).extracting(ClassHandle::name).containsExactly("cat");
        assertThat(table.handles()).isSameAs(handles);
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(1, 3, 2, List.of()));
    }

    static Stream<Named<Consumer<ClassEntry>>> changes() {
        return Stream.of(
                Named.of("samples", entry -> entry.onSamplesStored(new ClassReport.SamplesStored(0, 1, 4, 2))),
                Named.of("phase", entry -> entry.enterPhase(ClassPhase.CONVERGED)),
                Named.of("request for a seal", entry -> entry.onSealRequested(true)),
                Named.of("failure", entry -> entry.onFailed(failed(StoreFailure.UNAVAILABLE), NOW)),
                Named.of("damage", entry -> entry.onFailed(failed(StoreFailure.DAMAGED), NOW)),
                Named.of("recovery", entry -> entry.onRecovered(recovered(0, ClassPhase.COLLECTING, 9))));
    }

    @ParameterizedTest
    @MethodSource("changes")
    @DisplayName("show each change at once")
    void changed(Consumer<ClassEntry> change) {
        List<ClassHandle> before = table.handles();

        change.accept(cat);

        assertThat(table.handles()).containsExactly(cat.handle()).isNotEqualTo(before);
    }

    @Test
    @DisplayName("show a class when the registry has recorded its samples, and not after it is forgotten")
    void addedAndRemoved() {
        ClassEntry dog = entry(1, "dog");
        table.add(dog);
        dog.onSamplesStored(new ClassReport.SamplesStored(1, 1, 5, 4));
        assertThat(table.handles()).extracting(ClassHandle::name).containsExactly("cat", "dog");
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(2, 8, 6, List.of()));

        table.remove(dog);
        assertThat(table.handles()).extracting(ClassHandle::name).containsExactly("cat");
        assertThat(table.summary(NOW)).isEqualTo(new ClassNotification.StoreLoaded(1, 3, 2, List.of()));
    }

    @Test
    @DisplayName("stop failing as time passes, without any change")
    void failing() {
        cat.onFailed(failed(StoreFailure.UNAVAILABLE), NOW);
        cat.onRecovered(recovered(0, ClassPhase.COLLECTING, 3));

        assertThat(table.summary(NOW.plusSeconds(29)).failing()).containsExactly("cat");
        assertThat(table.summary(NOW.plusSeconds(30)).failing()).isEmpty();
    }
}
