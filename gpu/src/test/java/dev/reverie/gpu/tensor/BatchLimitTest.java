package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The limit on the batches of a device")
class BatchLimitTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(BatchLimit.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RuntimeException full = new RuntimeException("CUDA out of memory\nframe #0: malloc");
    private final BatchLimit limit = new BatchLimit(512);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
    }

    @Test
    @DisplayName("becomes half of the batch that did not fit, with a warning that says what to do")
    void halves() {
        limit.lower(300, full);

        assertThat(limit.samples()).isEqualTo(150);
        assertThat(limit.halvings()).isEqualTo(1);
        assertThat(log.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains("a batch of 300 images", "at most 150", "nvidia-smi", "(CUDA out of memory)")
                .doesNotContain("frame");
    }

    @Test
    @DisplayName("is lowered once if several engines fail with the same batch")
    void once() {
        limit.lower(300, full);
        limit.lower(300, full);

        assertThat(limit.samples()).isEqualTo(150);
        assertThat(limit.halvings()).isEqualTo(1);
        assertThat(log.list).hasSize(1);
    }

    @Test
    @DisplayName("ends at 16 images, of which no smaller batch is tried")
    void ends() {
        limit.lower(17, full);

        assertThat(limit.samples()).isEqualTo(16);
        assertThatThrownBy(() -> limit.lower(16, full))
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("a batch of 16 images", "nvidia-smi")
                .hasCause(full);
        assertThat(limit.samples()).isEqualTo(16);
        assertThat(limit.halvings()).isEqualTo(1);
    }
}
