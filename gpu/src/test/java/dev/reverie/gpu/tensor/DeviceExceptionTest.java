package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.Device.DeviceException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reason of a failure")
class DeviceExceptionTest {

    @Test
    @DisplayName("is its message")
    void message() {
        assertThat(DeviceException.reasonOf(new IllegalStateException("no memory", new RuntimeException("other"))))
                .isEqualTo("no memory");
    }

    @Test
    @DisplayName("is the first message of its causes if it has none")
    void messageOfCause() {
        assertThat(DeviceException.reasonOf(new ExceptionInInitializerError(
                        new UnsatisfiedLinkError("no jnind4jcpu in java.library.path"))))
                .isEqualTo("no jnind4jcpu in java.library.path");
    }

    @Test
    @DisplayName("is the name of its class if nothing has a message")
    void name() {
        assertThat(DeviceException.reasonOf(new NullPointerException())).isEqualTo("NullPointerException");
    }
}
