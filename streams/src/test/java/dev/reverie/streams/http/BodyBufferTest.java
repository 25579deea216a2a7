package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The buffer of a body")
class BodyBufferTest {

    @Test
    @DisplayName("grows with the bytes that arrive, up to the announced size, and hands them out without a copy")
    void announced() {
        RequestBodies.BodyBuffer buffer = new RequestBodies.BodyBuffer(1000);

        for (int i = 0; i < 100; i++) {
            buffer.add(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, (byte) i});
            assertThat(buffer.capacity()).isBetween(10 * (i + 1), Math.min(1000, 20 * (i + 1)));
        }

        byte[] body = buffer.toBytes();
        assertThat(body).hasSize(1000).endsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 99).isSameAs(buffer.toBytes());
    }

    @Test
    @DisplayName("has the bytes that have arrived, even if none or another number was announced")
    void unannounced() {
        RequestBodies.BodyBuffer buffer = new RequestBodies.BodyBuffer(4);
        assertThat(buffer.toBytes()).isEmpty();

        buffer.add(new byte[] {1, 2});
        buffer.add(new byte[] {3});
        assertThat(buffer.toBytes()).containsExactly(1, 2, 3);

        buffer.add(new byte[] {4, 5, 6});
        assertThat(buffer.toBytes()).containsExactly(1, 2, 3, 4, 5, 6);
    }
}
