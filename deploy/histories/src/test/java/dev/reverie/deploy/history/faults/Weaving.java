package dev.reverie.deploy.history.faults;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.function.Consumer;

/**
 * Code that is woven into one method.
 *
 * @param code changes the body of the method
 */
record Weaving(Target target, CodeTransform code) {

    /** Inserts code at the beginning. */
    static Weaving atEntry(Target target, Consumer<CodeBuilder> inserted) {
        return new Weaving(target, CodeTransform.ofStateful(() -> new CodeTransform() {
            @Override
            public void atStart(CodeBuilder builder) {
                inserted.accept(builder);
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
            }
        }));
    }

    /** Inserts code before each return. */
    static Weaving atExit(Target target, Consumer<CodeBuilder> inserted) {
        return new Weaving(target, (builder, element) -> {
            if (element instanceof ReturnInstruction) {
                inserted.accept(builder);
            }
            builder.with(element);
        });
    }

    /** Replaces the whole body. */
    static Weaving instead(Target target, Consumer<CodeBuilder> body) {
        return new Weaving(target, CodeTransform.ofStateful(() -> new CodeTransform() {
            @Override
            public void atStart(CodeBuilder builder) {
                body.accept(builder);
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                // The old body is dropped.
            }
        }));
    }
}
