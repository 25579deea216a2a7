package dev.reverie.deploy.history.faults;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two consecutive releases of the service, made from the code of this one. All formats of messages and stored rows
 * differ between them, and a rolling upgrade leads from the first to the second.
 */
public enum Build {
    /** Reads the next version of each format, and writes the present one. */
    READS_NEXT,
    /** Writes the next version of each format, and has the next version number. */
    WRITES_NEXT;

    private static final String FORMAT = "dev.reverie.actors.serialization.VersionedFormat";
    private static final ClassDesc FORMAT_TYPE = ClassDesc.of(FORMAT);

    /** The code that makes this build. */
    List<Weaving> weavings() {
        Stream<Weaving> reading = Stream.of(replaceResult("newest", ConstantDescs.CD_int), replacePart("reader"));
        Stream<Weaving> writing = Stream.of(
                replaceResult("manifest", ConstantDescs.CD_String),
                replacePart("writer"),
                Weaving.atEntry(
                        Target.of("dev.reverie.actors.cluster.ClusterConfiguration", "of"),
                        code -> code.ldc("1.0.0").astore(1)));
        return (this == READS_NEXT ? reading : Stream.concat(reading, writing)).toList();
    }

    private static Weaving replaceResult(String method, ClassDesc type) {
        return Weaving.atExit(Target.of(FORMAT, method), code -> invoke(code, method, MethodTypeDesc.of(type, type)));
    }

    /** Replaces the reader or writer that a format returns; the replacement knows the format. */
    private static Weaving replacePart(String method) {
        ClassDesc part = FORMAT_TYPE.nested(method.equals("reader") ? "Reader" : "Writer");
        return Weaving.atExit(
                Target.of(FORMAT, method),
                code -> invoke(code.aload(0), method, MethodTypeDesc.of(part, part, FORMAT_TYPE)));
    }

    private static void invoke(CodeBuilder code, String method, MethodTypeDesc type) {
        code.invokestatic(ClassDesc.of(NextFormats.class.getName()), method, type);
    }
}
