package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The readers of CIFAR read or refuse any bytes")
class CifarFuzzTest {

    private static final List<CifarFormat> FORMATS =
            List.of(new CifarRecords(1), new CifarRecords(2), new CifarPickles("fine_labels", "fine_label_names"));

    @FuzzTest
    @DisplayName("as images, or as the names of the classes")
    void file(byte[] content) throws Exception {
        for (CifarFormat format : FORMATS) {
            UntrustedInput.readOrRefused(
                    () -> format.images(new ByteArrayInputStream(content), "the file", 10, 10), DatasetException.class);
            UntrustedInput.readOrRefused(
                    () -> format.classNames(new ByteArrayInputStream(content), "the file"), DatasetException.class);
        }
    }
}
