package dev.reverie.deploy.history.faults;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Weaves code into classes when they are loaded. A target that does not exist ends the process. */
final class Weaver implements ClassFileTransformer {

    private static final int CANNOT_WEAVE = 70;
    private static final ClassDesc CONTROL = ClassDesc.of(FaultControl.class.getName());

    private final List<Weaving> weavings;

    Weaver(List<Weaving> weavings) {
        this.weavings = weavings;
    }

    /** The code of all failpoints. */
    static List<Weaving> failpoints() {
        return Stream.of(Failpoint.values()).map(Weaver::weave).toList();
    }

    private static Weaving weave(Failpoint failpoint) {
        Target target = failpoint.target();
        MethodTypeDesc reach = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
        return switch (failpoint.place()) {
            case ENTRY ->
                Weaving.atEntry(target, code -> code.ldc(failpoint.name()).invokestatic(CONTROL, "reach", reach));
            case EXIT ->
                Weaving.atExit(target, code -> code.ldc(failpoint.name()).invokestatic(CONTROL, "reach", reach));
        };
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] content) {
        try {
            byte[] woven = weave(String.valueOf(name), content);
            return woven == content ? null : woven;
        } catch (RuntimeException | Error failure) {
            System.err.println("cannot weave into " + name + ": " + failure);
            Runtime.getRuntime().halt(CANNOT_WEAVE);
            throw failure;
        }
    }

    /**
     * Returns the class with all its weavings, or the same bytes if it has none.
     *
     * @throws IllegalStateException if the class has not exactly one method for each of its targets
     */
    byte[] weave(String internalName, byte[] content) {
        byte[] woven = content;
        for (Weaving weaving : weavings) {
            if (weaving.target().internalName().equals(internalName)) {
                woven = weave(weaving, woven);
            }
        }
        return woven;
    }

    private static byte[] weave(Weaving weaving, byte[] content) {
        ClassFile format = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(Weaver::resource)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel model = format.parse(content);
        Target target = weaving.target();
        long found = model.methods().stream()
                .filter(method -> target.isMethod(method) && method.code().isPresent())
                .count();
        if (found != 1) {
            throw new IllegalStateException(target + " is " + found + " methods: correct the target");
        }
        return format.transformClass(model, ClassTransform.transformingMethodBodies(target::isMethod, weaving.code()));
    }

    /** Reads a class without loading it, since a class that is loaded here would miss its weavings. */
    private static @Nullable InputStream resource(ClassDesc type) {
        String descriptor = type.descriptorString();
        return ClassLoader.getSystemResourceAsStream(descriptor.substring(1, descriptor.length() - 1) + ".class");
    }

    /** Reads the class of a target. */
    static byte[] classOf(Target target) throws IOException {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(target.internalName() + ".class")) {
            if (in == null) {
                throw new IllegalStateException("no class " + target.className() + ": correct the target");
            }
            return in.readAllBytes();
        }
    }
}
