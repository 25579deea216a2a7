package dev.reverie.gpu;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Forwards the calls of an interface to an implementation, and tells a watcher of them. */
public final class WatchedCalls {

    private WatchedCalls() {}

    /** Is told of calls, on the threads that make them; it may replace their arguments. */
    @FunctionalInterface
    public interface Watcher {

        /**
         * Is called before a call begins.
         *
         * @return what to run when the call has ended without an exception
         */
        Runnable begin(String method, List<Object> arguments);
    }

    /**
     * Returns an instance that behaves like {@code target}, but acts before each call, and may replace its arguments.
     */
    public static <T> T before(Class<T> type, T target, BiConsumer<String, List<Object>> action) {
        return of(type, target, (method, arguments) -> {
            action.accept(method, arguments);
            return () -> {};
        });
    }

    /** Returns an instance of an interface that behaves like {@code target}. */
    public static <T> T of(Class<T> type, T target, Watcher watcher) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Runnable end =
                            watcher.begin(method.getName(), arguments == null ? List.of() : Arrays.asList(arguments));
                    try {
                        Object result = method.invoke(target, arguments);
                        end.run();
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }
}
