package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A class that is to be sealed when it converges")
class SealWhenConvergedTest extends ServiceFixture {

    private static final int SOON_CONVERGED = 1;
    private static final double OUT_OF_REACH = 0.99;
    private static final double NEVER_DRIFTS = 1e6;

    @Test
    @DisplayName("is sealed then, even after a restart, which an event says, and the other classes continue")
    void sealed() {
        twoClassesLearn();
        assertThat(await(service.seal("cat", SealChange.WHEN_CONVERGED))).hasValueSatisfying(status -> {
            assertThat(status.sealRequested()).isTrue();
            assertThat(status.phase()).isEqualTo(ClassPhase.DISTILLING);
        });

        restart(convergingSoon());

        await(service.events(Optional.of(0L))
                .filter(SealWhenConvergedTest::saysThatCatIsSealed)
                .runWith(Sink.head(), service.system()));
        assertThat(status("cat").phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(status("cat").sealRequested()).isFalse();
        assertThat(status("cat").reservoir()).isZero();
        assertThat(status("dog").phase()).isNotEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("is sealed at once if it has converged")
    void alreadyConverged() {
        restart(convergingSoon());
        twoClassesLearn();
        while (status("cat").phase() != ClassPhase.CONVERGED) {
            awaitLoops(1);
        }

        CompletionStage<ServiceEvent> seal = event(SealWhenConvergedTest::saysThatCatIsSealed);

        assertThat(await(service.seal("cat", SealChange.WHEN_CONVERGED)))
                .hasValueSatisfying(status -> assertThat(status.phase()).isEqualTo(ClassPhase.SEALED));
        await(seal);
    }

    @Test
    @DisplayName("is not sealed if that was cancelled, even before a restart")
    void cancelled() {
        twoClassesLearn();
        await(service.seal("cat", SealChange.WHEN_CONVERGED));

        assertThat(await(service.seal("cat", SealChange.CANCEL)))
                .hasValueSatisfying(status -> assertThat(status.sealRequested()).isFalse());
        restart(convergingSoon());

        while (status("cat").phase() != ClassPhase.CONVERGED) {
            awaitLoops(1);
        }
        assertThat(status("cat").sealRequested()).isFalse();
    }

    @Test
    @DisplayName("stays sealed if the seal is cancelled too late, and a forgotten class is unknown")
    void tooLate() {
        twoClassesLearn();
        await(service.seal("cat", SealChange.WHEN_CONVERGED));
        await(service.seal("cat", SealChange.NOW));
        await(service.seal("dog", SealChange.WHEN_CONVERGED));
        await(service.forget("dog"));

        assertThat(await(service.seal("cat", SealChange.CANCEL)))
                .hasValueSatisfying(status -> assertThat(status.phase()).isEqualTo(ClassPhase.SEALED));
        assertThat(await(service.seal("dog", SealChange.CANCEL))).isEmpty();
        assertThat(await(service.seal("dog", SealChange.WHEN_CONVERGED))).isEmpty();
    }

    private void restart(ServicePolicy next) {
        stop();
        policy = next;
        service = started();
    }

    private static ServicePolicy convergingSoon() {
        return new ServicePolicy(
                POLICY.minImages(),
                SOON_CONVERGED,
                OUT_OF_REACH,
                NEVER_DRIFTS,
                POLICY.visitEvery(),
                POLICY.refresh(),
                POLICY.idle());
    }

    private static boolean saysThatCatIsSealed(ServiceEvent event) {
        return event.kind() == Kind.CLASS
                && "cat".equals(event.fields().get("label"))
                && "sealed".equals(event.fields().get("phase"));
    }
}
