package dev.reverie.actors.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The registry")
class ClassRegistryStateTest {

    private final ClassRegistryState founded =
            ClassRegistryState.EMPTY.after(new ClassRegistryEvent.Initialised(7, Samples.SHAPE));

    @Test
    @DisplayName("keeps nothing of a forgotten class but that its index is taken")
    void keepsNothing() {
        ClassRegistryState registry = founded;
        for (int index = 0; index < 1_000; index++) {
            registry = registry.after(new ClassRegistryEvent.ClassesRegistered(List.of("class " + index)))
                    .after(new ClassRegistryEvent.ClassRenamed(index, Optional.of("A name")))
                    .after(new ClassRegistryEvent.ForgettingStarted(index))
                    .after(new ClassRegistryEvent.Forgotten(index));
        }

        assertThat(registry.names()).isEmpty();
        assertThat(registry.displayNames()).isEmpty();
        assertThat(registry.forgetting()).isEmpty();
        assertThat(registry.nextIndex()).isEqualTo(1_000);
        assertThat(registry.after(new ClassRegistryEvent.ClassesRegistered(List.of("cat", "dog")))
                        .names())
                .containsOnlyKeys(1_000, 1_001);
    }

    @Test
    @DisplayName("has the last name of each class until the class gets another one or none")
    void displayNames() {
        ClassRegistryState registry = founded.after(new ClassRegistryEvent.ClassesRegistered(List.of("cat", "dog")))
                .after(new ClassRegistryEvent.ClassRenamed(0, Optional.of("House cat")))
                .after(new ClassRegistryEvent.ClassRenamed(0, Optional.of("Tabby")))
                .after(new ClassRegistryEvent.ClassRenamed(1, Optional.of("Hound")));

        assertThat(registry.displayNames()).containsExactly(Map.entry(0, "Tabby"), Map.entry(1, "Hound"));
        assertThat(registry.after(new ClassRegistryEvent.ClassRenamed(1, Optional.empty()))
                        .displayNames())
                .containsOnlyKeys(0);
        assertThat(registry.names()).containsValues("cat", "dog");
    }

    @Test
    @DisplayName("tells a forgotten class from one that is being forgotten, one that exists and one that never did")
    void isForgotten() {
        ClassRegistryState registry = founded.after(
                        new ClassRegistryEvent.ClassesRegistered(List.of("cat", "dog", "bird")))
                .after(new ClassRegistryEvent.ForgettingStarted(0))
                .after(new ClassRegistryEvent.Forgotten(0))
                .after(new ClassRegistryEvent.ForgettingStarted(1));

        assertThat(registry.isForgotten(0)).isTrue();
        assertThat(registry.isForgotten(1)).isFalse();
        assertThat(registry.isForgotten(2)).isFalse();
        assertThat(registry.isForgotten(3)).isFalse();
    }

    @Test
    @DisplayName("has no image shape while the service has no class")
    void shape() {
        ClassRegistryState registry = founded.after(new ClassRegistryEvent.ClassesRegistered(List.of("cat")));

        assertThat(founded.shape()).isEmpty();
        assertThat(registry.shape()).contains(Samples.SHAPE);
        assertThat(registry.after(new ClassRegistryEvent.ForgettingStarted(0)).shape())
                .isEmpty();
    }

    @Test
    @DisplayName("has no normalisation of earlier images when it is initialised for others")
    void normalisation() {
        Normalisation fixed = Normalisation.neutral(Samples.SHAPE);
        ClassRegistryState registry = founded.after(new ClassRegistryEvent.NormalisationFixed(fixed));

        assertThat(registry.normalisation()).contains(fixed);
        assertThat(registry.after(new ClassRegistryEvent.Initialised(8, Samples.SHAPE))
                        .normalisation())
                .isEmpty();
    }
}
