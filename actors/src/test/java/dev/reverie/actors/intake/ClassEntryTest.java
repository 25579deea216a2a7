package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassPhase;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A class as the intake knows it")
class ClassEntryTest {

    private final ClassEntry entry =
            new ClassEntry(0, "cat", TestInbox.<ClassMessage>create().getRef(), new ClassCapacity(1, 0));

    @ParameterizedTest
    @EnumSource
    @DisplayName("stays sealed when it hears late what its owner entered before, since its owner would drop samples")
    void staysSealed(ClassPhase earlier) {
        entry.enter(ClassPhase.SEALED);

        entry.enter(earlier);

        assertThat(entry.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("goes from one phase to another and back until then")
    void goesOn() {
        entry.enter(ClassPhase.DISTILLING);
        entry.enter(ClassPhase.CONVERGED);
        entry.enter(ClassPhase.DISTILLING);

        assertThat(entry.phase()).isEqualTo(ClassPhase.DISTILLING);
    }
}
