package dev.reverie.deploy;

/**
 * Adds Java's Vector API to the running JVM.
 *
 * <p>The API is an incubator module. {@code java --add-modules} would print a warning about it at every start, which no
 * option of Java silences. The JDK's own loader of further modules, by which it loads its agents, prints none; the
 * manifest of the application's jar gives access to it.
 */
final class VectorModule {

    private static final String MODULE = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Loads the module unless Java was started with it. Must come before any class that uses it.
     *
     * @throws IllegalStateException if this Java has no such module or loads modules in another way
     */
    static void load() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, MODULE);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    "this Java (" + Runtime.version() + ") did not load its module " + MODULE
                            + "; set REVERIE_JAVA_OPTS=--add-modules=" + MODULE + " and start again.",
                    e);
        }
    }
}
