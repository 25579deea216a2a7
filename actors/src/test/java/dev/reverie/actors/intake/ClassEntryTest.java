package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.telemetry.ClassPhase;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The state of a class in the intake")
class ClassEntryTest {

    private final ClassEntry entry =
            new ClassEntry(0, "cat", TestInbox.<ClassMessage>create().getRef(), new ClassCapacity(1, 0));

    @ParameterizedTest
    @EnumSource
    @DisplayName("stays sealed when a report of an earlier phase arrives late, because its actor would ignore samples")
    void staysSealed(ClassPhase earlier) {
        entry.enterPhase(ClassPhase.SEALED);

        entry.enterPhase(earlier);

        assertThat(entry.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("enters any phase until it is sealed")
    void changesPhase() {
        entry.enterPhase(ClassPhase.DISTILLING);
        entry.enterPhase(ClassPhase.CONVERGED);
        entry.enterPhase(ClassPhase.DISTILLING);

        assertThat(entry.phase()).isEqualTo(ClassPhase.DISTILLING);
    }
}
