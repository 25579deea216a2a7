package dev.reverie.actors.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.serialization.UnreadableDataException;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoredRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The list of classes in a store")
class StoredRegistryTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private final ClassRegistryState registry = ClassRegistryState.EMPTY
            .after(new ClassRegistryEvent.Initialised(7, Samples.SHAPE))
            .after(new ClassRegistryEvent.ClassesRegistered(List.of("cat", "dog", "emu", "fox")))
            .after(new ClassRegistryEvent.ClassesPopulated(Set.of(0, 1, 2)));

    @Test
    @DisplayName("follows its rows with those that forget classes")
    void forgetsClasses() throws UnreadableDataException {
        List<StoredRow> rows = new ArrayList<>(StoredRegistry.forgetting(List.of(), List.of(5), NOW));

        rows.addAll(StoredRegistry.forgetting(rows, List.of(6, 8), NOW));

        assertThat(rows).extracting(StoredRow::sequenceNumber).containsExactly(1L, 2L, 3L);
        assertThat(StoredRegistry.of(rows).forgetting()).containsExactlyInAnyOrder(5, 6, 8);
    }

    @Test
    @DisplayName("shows a class without rows as damaged only if it is known to have had some")
    void missingRows() {
        StoreDamage damage =
                new StoreDamage(Map.of("class|1", "an event is missing"), Set.of("registry", "class|0", "class|1"));

        RegistryCheck check = new RegistryCheck(registry, damage);

        assertThat(check.damagedClasses())
                .isEqualTo(Map.of(1, "an event is missing", 2, "all of its rows are missing"));
        assertThat(check.unregistered()).isEmpty();
    }

    @Test
    @DisplayName("shows that it has lost its end if it lacks a class that has whole rows")
    void lostEnd() {
        Set<String> actors = Set.of("registry", "class|0", "class|1", "class|2", "class|4", "class|5");

        RegistryCheck check = new RegistryCheck(registry, new StoreDamage(Map.of("class|4", "damaged"), actors));

        assertThat(check.unregistered()).contains("class|5");
    }

    @Test
    @DisplayName("forgets that a class has rows together with the class")
    void forgetsRows() {
        assertThat(registry.isPopulated(1)).isTrue();
        assertThat(registry.after(new ClassRegistryEvent.ForgettingStarted(1)).isPopulated(1))
                .isFalse();
    }
}
