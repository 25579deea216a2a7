package dev.reverie.deploy.history.faults;

import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.List;

/**
 * Makes a class take a snapshot after a few KiB of journal instead of 1 MiB, so that a short round has snapshots. Only
 * the number changes.
 */
final class FrequentSnapshots {

    private static final long MINIMUM = 1 << 20;
    private static final long FREQUENT = 1 << 12;

    private FrequentSnapshots() {}

    static List<Weaving> weavings() {
        CodeTransform smaller = (builder, element) -> {
            if (element instanceof ConstantInstruction constant
                    && constant.constantValue().equals(MINIMUM)) {
                builder.loadConstant(FREQUENT);
            } else {
                builder.with(element);
            }
        };
        return List.of(
                new Weaving(Target.of("dev.reverie.actors.lifecycle.JournalCompaction", "isSnapshotDue"), smaller));
    }
}
