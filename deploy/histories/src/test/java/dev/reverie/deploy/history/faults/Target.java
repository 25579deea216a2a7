package dev.reverie.deploy.history.faults;

import java.lang.classfile.MethodModel;
import java.util.Optional;

/**
 * A method of the service or of a library into which code is woven.
 *
 * @param className binary name
 * @param descriptor JVM descriptor; empty if the class has one method of this name
 */
public record Target(String className, String method, Optional<String> descriptor) {

    static Target of(String className, String method) {
        return new Target(className, method, Optional.empty());
    }

    static Target of(String className, String method, String descriptor) {
        return new Target(className, method, Optional.of(descriptor));
    }

    /** Internal name of the class, with slashes. */
    String internalName() {
        return className.replace('.', '/');
    }

    boolean isMethod(MethodModel model) {
        return model.methodName().equalsString(method)
                && descriptor.map(model.methodType()::equalsString).orElse(true);
    }
}
