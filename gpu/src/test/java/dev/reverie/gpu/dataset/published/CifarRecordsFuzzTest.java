package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The readers of CIFAR's binary version read or refuse any bytes")
class CifarRecordsFuzzTest {

    private static final CifarRecords RECORDS = new CifarRecords(1);

    @FuzzTest
    @DisplayName("as images, or as the names of the classes")
    void records(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(
                () -> RECORDS.images(new ByteArrayInputStream(content), "the file", 10, 10), DatasetException.class);
        UntrustedInput.readOrRefused(
                () -> RECORDS.classNames(new ByteArrayInputStream(content), "the file"), DatasetException.class);
        UntrustedInput.readOrRefused(
                () -> List.of(new CifarPickles("fine_labels", "fine_label_names")
                        .images(new ByteArrayInputStream(content), "the file", 10, 10)),
                DatasetException.class);
    }
}
