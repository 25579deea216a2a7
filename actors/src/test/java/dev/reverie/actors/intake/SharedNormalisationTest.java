package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A request to fix the normalisation of a cluster")
class SharedNormalisationTest extends AbstractSharedClassesTest {

    private static final Normalisation WANTED = Normalisation.neutral(Samples.SHAPE);
    private static final Normalisation OF_ANOTHER_NODE = new Normalisation(List.of(0.3), List.of(0.1));
    private static final IntakeActor.FixedNormalisation NONE = new IntakeActor.FixedNormalisation(Optional.empty());

    @Test
    @DisplayName("gets the one that the registry has stored, even if it is that of another node")
    void fixed() {
        TestProbe<IntakeActor.FixedNormalisation> asker = fix(WANTED);
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.NormalisationFixed(WANTED));

        registryReports.tell(new ClassRegistryActor.Updated(registryWith(OF_ANOTHER_NODE)));

        asker.expectMessage(new IntakeActor.FixedNormalisation(Optional.of(OF_ANOTHER_NODE)));
        fix(WANTED).expectMessage(new IntakeActor.FixedNormalisation(Optional.of(OF_ANOTHER_NODE)));
    }

    @ParameterizedTest
    @EnumSource(StoreFailure.class)
    @DisplayName("gets one reply if the registry fails, and later requests get theirs at once")
    void failed(StoreFailure failure) {
        TestProbe<IntakeActor.FixedNormalisation> asker = fix(WANTED);
        directory.registry.receiveMessage();

        registryReports.tell(new ClassRegistryActor.Failed(failure, "the test lets it fail"));

        asker.expectMessage(NONE);
        fix(WANTED).expectMessage(NONE);

        registryReports.tell(new ClassRegistryActor.Updated(registryWith(OF_ANOTHER_NODE)));

        fix(WANTED).expectMessage(new IntakeActor.FixedNormalisation(Optional.of(OF_ANOTHER_NODE)));
        IntakeActor.FixedNormalisation next = new IntakeActor.FixedNormalisation(Optional.of(WANTED));
        asker.ref().tell(next);
        asker.expectMessage(next);
    }

    @Test
    @DisplayName("gets a reply at once if the wanted one does not fit the classes, and the registry does not store it")
    void doesNotFit() {
        fix(new Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
                .expectMessage(NONE);

        fix(WANTED);
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.NormalisationFixed(WANTED));
    }

    private TestProbe<IntakeActor.FixedNormalisation> fix(Normalisation wanted) {
        TestProbe<IntakeActor.FixedNormalisation> asker = testKit.createTestProbe();
        intake.tell(new IntakeActor.FixNormalisation(wanted, asker.ref()));
        return asker;
    }

    private static ClassRegistryState registryWith(Normalisation normalisation) {
        ClassRegistryState registry = registry(8, Map.of(CAT, "cat", DOG, "dog"), Set.of());
        return new ClassRegistryState(
                registry.revision(),
                registry.initialised(),
                registry.nextIndex(),
                registry.names(),
                registry.populated(),
                registry.forgetting(),
                Optional.of(normalisation),
                registry.displayNames());
    }
}
