package dev.reverie.gpu;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

/** Forwards the calls of an interface to an implementation, and tells a watcher of them. */
public final class WatchedCalls {

    private WatchedCalls() {}

    /** Is told of calls, on the threads that make them. */
    @FunctionalInterface
    public interface Watcher {

        /**
         * Is called before a call begins.
         *
         * @return what to run when the call has ended without an exception
         */
        Runnable begin(String method, List<Object> arguments);
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
