package dev.reverie.deploy.history.faults;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassEvent;
import dev.reverie.actors.lifecycle.ClassInfo;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** A service that breaks one of its promises. The checker must convict each. */
public enum Mutant {
    /** A class answers before its samples are durable. */
    ACKNOWLEDGES_BEFORE_THE_COMMIT(Weaving.atExit(Names.ADD_SAMPLES, code -> code.aload(2)
            .aload(3)
            .invokestatic(
                    Names.MUTATIONS,
                    "acknowledge",
                    MethodTypeDesc.of(
                            ConstantDescs.CD_void, Names.of(ClassCommand.AddSamples.class), Names.of(List.class))))),
    /** Stores one fingerprint of each delivery too few. */
    FORGETS_A_FINGERPRINT(Weaving.atEntry(
            Target.of("dev.reverie.actors.deduplication.FingerprintWindow", "with"),
            code -> replaceArgument(code, 1, FingerprintBlock.class, "withoutLast"))),
    /** A class stores one sample fewer than it says. */
    APPLIES_A_DELIVERY_IN_PART(
            Weaving.atEntry(Target.of("dev.reverie.actors.lifecycle.ClassDecisions", "addSamples"), code -> {
                replaceArgument(code, 1, FingerprintBlock.class, "withoutLast");
                replaceArgument(code, 2, List.class, "withoutLast");
            })),
    /** Acknowledges the samples of the second class of a delivery, and stores only those of the first one. */
    LOSES_A_PART(Weaving.atEntry(
            Names.ADD_SAMPLES, code -> replaceArgument(code, 2, ClassCommand.AddSamples.class, "withoutLaterPart"))),
    /** Answers that it has no room for the delivery, and stores it. */
    DENIES_WHAT_IT_STORED(Weaving.atEntry(
            Target.of("dev.reverie.actors.intake.PendingDelivery", "reply"),
            code -> replaceArgument(code, 1, DeliveryOutcome.class, "pretendOverloaded"))),
    /** Shows a class as it was before the samples that it has acknowledged. */
    SHOWS_SAMPLES_LATE(Weaving.atEntry(
            Target.of("dev.reverie.actors.intake.ClassEntry", "update"),
            code -> replaceArgument(code, 1, ClassInfo.class, "before"))),
    /** Stores samples of a sealed class. */
    STORES_IN_A_SEALED_CLASS(Weaving.atEntry(
            Names.JUDGE, code -> code.getstatic(Names.of(SampleVerdict.class), "STORED", Names.of(SampleVerdict.class))
                    .astore(2))),
    /** Counts the samples as accepted that a sealed class refuses. */
    ACCEPTS_WHAT_IT_REFUSES(Weaving.atEntry(
            Target.of("dev.reverie.actors.lifecycle.ClassCommand$SamplesJudged", "<init>"),
            code -> replaceArgument(code, 4, List.class, "acceptingAll"))),
    /** Refuses the samples that a sealed class has. */
    REFUSES_WHAT_IT_HAS(Weaving.atExit(Names.JUDGE, code -> code.aload(2)
            .invokestatic(
                    Names.MUTATIONS,
                    "refusingKnown",
                    MethodTypeDesc.of(Names.of(List.class), Names.of(List.class), Names.of(SampleVerdict.class))))),
    /** Answers a DELETE before it is durable. */
    ACKNOWLEDGES_A_DELETE_EARLY(
            Weaving.atEntry(Target.of("dev.reverie.actors.intake.RegistryChanges", "remove"), code -> code.aload(2)
                    .invokestatic(
                            Names.MUTATIONS,
                            "replyForgottenEarly",
                            MethodTypeDesc.of(ConstantDescs.CD_void, Names.of(ActorRef.class))))),
    /** Answers a DELETE and does nothing. */
    LOSES_A_DELETE(
            Weaving.instead(Target.of("dev.reverie.actors.intake.RegistryChanges", "forget"), code -> code.aload(1)
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
            Weaving.atEntry(
                    Target.of("dev.reverie.actors.intake.IntakeActor$Sealed", "<init>"),
                    code -> replaceArgument(code, 1, Optional.class, "pretendSealed"))),
    /** Shows each class as it was when it was first shown. */
    SERVES_AN_OLD_READ(Weaving.atExit(
            Target.of("dev.reverie.actors.intake.ClassEntry", "known"),
            code -> code.invokestatic(
                    Names.MUTATIONS,
                    "firstOf",
                    MethodTypeDesc.of(Names.of(OpenClass.class), Names.of(OpenClass.class))))),
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
        static final Target ADD_SAMPLES = Target.of("dev.reverie.actors.lifecycle.DurableClassActor", "onAddSamples");
        static final Target JUDGE = Target.of("dev.reverie.actors.deduplication.DuplicateIndex", "judge");

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
