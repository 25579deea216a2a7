package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.nvidia.NativeLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls a function of Java as if it were that of a library. */
@DisplayName("A library of the system")
class NativeLibraryTest {

    private static final int INVALID_ARGUMENT = 2;

    @AutoClose
    private final Arena arena = Arena.ofShared();

    @Test
    @DisplayName("is called with numbers of 32 and 64 bits and with addresses, and fills the memory there")
    void call() throws Exception {
        MemorySegment sum = arena.allocate(ValueLayout.JAVA_LONG);

        library().call("add", 3, 5L << 32, sum);

        assertThat(sum.get(ValueLayout.JAVA_LONG, 0)).isEqualTo((5L << 32) + 3);
    }

    @Test
    @DisplayName("reports a function that an older or newer one lacks, and the status of one that fails")
    void failures() throws Exception {
        NativeLibrary library = library();

        assertThatThrownBy(() -> library.call("subtract", 3))
                .isInstanceOf(CallException.class)
                .hasMessageStartingWith("subtract is missing in NVIDIA's library");
        assertThatThrownBy(() -> library.call("add", -1, 0L, MemorySegment.NULL))
                .isInstanceOf(CallException.class)
                .hasMessage("add answers with error 2");
    }

    @Test
    @DisplayName("is absent if it is not installed")
    void absent() {
        assertThat(NativeLibrary.load("libabsent-of-reverie.so.1", arena)).isEmpty();
    }

    @SuppressWarnings("restricted") // stands in for the driver's C interface
    private NativeLibrary library() throws ReflectiveOperationException {
        FunctionDescriptor signature = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        MemorySegment add = Linker.nativeLinker()
                .upcallStub(
                        MethodHandles.lookup().findStatic(NativeLibraryTest.class, "add", signature.toMethodType()),
                        signature,
                        arena);
        return NativeLibrary.of(name -> Optional.of(add).filter(_ -> name.equals("add")));
    }

    @SuppressWarnings({"restricted", "UnusedMethod"}) // stands in for the driver's C interface; found by its name
    private static int add(int one, long other, MemorySegment sum) {
        if (one < 0) {
            return INVALID_ARGUMENT;
        }
        sum.reinterpret(ValueLayout.JAVA_LONG.byteSize()).set(ValueLayout.JAVA_LONG, 0, one + other);
        return 0;
    }
}
