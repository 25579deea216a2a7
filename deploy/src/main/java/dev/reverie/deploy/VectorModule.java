package dev.reverie.deploy;

/**
 * Adds Java's Vector API to the running JVM.
 *
 * <p>The API is an incubator module. With {@code java --add-modules}, Java prints a warning at every start, and no
 * option disables the warning. The internal method that the JDK uses to load modules for its agents prints no warning.
 * The manifest of the application's jar makes this method accessible.
 */
final class VectorModule {

    private static final String MODULE = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Loads the module unless Java was started with it. Must be called before any class that uses the module is loaded.
     *
     * @throws IllegalStateException if the Java runtime does not provide the module or the internal method
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
