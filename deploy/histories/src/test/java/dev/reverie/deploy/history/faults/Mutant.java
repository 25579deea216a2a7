package dev.reverie.deploy.history.faults;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassEvent;
import dev.reverie.streams.service.ClassStatus;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import scala.concurrent.Future;

/** A service that breaks one of its promises. The checker must convict each. */
public enum Mutant {
    /** Acknowledges a delivery before its samples are durable. */
    ACKNOWLEDGES_BEFORE_THE_COMMIT(
            Weaving.instead(Target.of("dev.reverie.actors.intake.PendingDeliveries", "await"), CodeBuilder::return_)),
    /** Stores one fingerprint of each delivery too few. */
    FORGETS_A_FINGERPRINT(Weaving.atEntry(
            Target.of("dev.reverie.actors.deduplication.FingerprintWindow", "with"),
            code -> replaceArgument(code, 1, FingerprintBlock.class, "withoutLast"))),
    /** Stores one sample of each delivery too few. */
    APPLIES_A_DELIVERY_IN_PART(Weaving.atEntry(
            Target.of("dev.reverie.actors.intake.DeliverySender", "send"),
            code -> replaceArgument(code, 3, List.class, "withoutLast"))),
    /** Commits the samples of each class of a delivery by themselves, and at different times. */
    COMMITS_EACH_CLASS_ALONE(Weaving.instead(
            Target.of("dev.reverie.actors.store.JournalTransactions", "write"),
            code -> code.invokestatic(Names.MUTATIONS, "delay", MethodTypeDesc.of(ConstantDescs.CD_void))
                    .aload(2)
                    .aload(1)
                    .invokeinterface(
                            Names.of(Function.class),
                            "apply",
                            MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                    .checkcast(Names.of(Future.class))
                    .areturn())),
    /** Answers that the store is full, and stores the delivery. */
    DENIES_WHAT_IT_STORED(Weaving.atEntry(
            Target.of("dev.reverie.actors.intake.PendingDelivery", "reply"),
            code -> replaceArgument(code, 1, DeliveryOutcome.class, "pretendFull"))),
    /** Answers a DELETE before it is durable. */
    ACKNOWLEDGES_A_DELETE_EARLY(
            Weaving.atEntry(Target.of("dev.reverie.actors.intake.ClassRemovals", "start"), code -> code.aload(2)
                    .invokestatic(
                            Names.MUTATIONS,
                            "replyForgottenEarly",
                            MethodTypeDesc.of(ConstantDescs.CD_void, Names.of(ActorRef.class))))),
    /** Answers a DELETE and does nothing. */
    LOSES_A_DELETE(Weaving.instead(Target.of("dev.reverie.actors.intake.IntakeActor", "onForget"), code -> code.aload(1)
            .invokestatic(
                    Names.MUTATIONS,
                    "pretendForgotten",
                    MethodTypeDesc.of(ConstantDescs.CD_void, Names.of(IntakeActor.Forget.class)))
            .return_())),
    /** Answers a seal and goes on to accept samples. */
    IGNORES_A_SEAL(
            Weaving.atEntry(
                    Target.of("dev.reverie.actors.lifecycle.ClassState", "after"),
                    code -> replaceArgument(code, 1, ClassEvent.class, "withoutSeal")),
            Weaving.instead(Target.of("dev.reverie.actors.intake.ClassEntry", "startSealing"), CodeBuilder::return_),
            Weaving.atEntry(
                    Target.of("dev.reverie.actors.intake.IntakeActor$Sealed", "<init>"),
                    code -> replaceArgument(code, 1, Optional.class, "pretendSealed"))),
    /** Shows each class as it was when it was first shown. */
    SERVES_AN_OLD_READ(Weaving.atExit(
            Target.of(
                    "dev.reverie.streams.runtime.StatusMapper",
                    "of",
                    "(Ldev/reverie/actors/registry/ClassHandle;Ldev/reverie/actors/lifecycle/ClassSummary;)"
                            + "Ldev/reverie/streams/service/ClassStatus;"),
            code -> code.invokestatic(
                    Names.MUTATIONS,
                    "firstOf",
                    MethodTypeDesc.of(Names.of(ClassStatus.class), Names.of(ClassStatus.class))))),
    /** Does not recognise a sample that it has. */
    COUNTS_TWICE(Weaving.instead(
            Target.of("dev.reverie.actors.deduplication.DuplicateIndex", "contentOf"),
            code -> code.invokestatic(Names.of(Optional.class), "empty", MethodTypeDesc.of(Names.of(Optional.class)))
                    .areturn()));

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Weaving> weavings;

    Mutant(Weaving... weavings) {
        this.weavings = List.of(weavings);
    }

    List<Weaving> weavings() {
        return weavings;
    }

    /** Constants, apart because the constants above cannot use constants of the enum. */
    private static final class Names {
        static final ClassDesc MUTATIONS = of(Mutations.class);

        static ClassDesc of(Class<?> type) {
            return ClassDesc.ofDescriptor(type.descriptorString());
        }
    }

    private static void replaceArgument(CodeBuilder code, int slot, Class<?> type, String mutation) {
        ClassDesc described = Names.of(type);
        code.aload(slot)
                .invokestatic(Names.MUTATIONS, mutation, MethodTypeDesc.of(described, described))
                .astore(slot);
    }
}
