package dev.reverie.gpu.dataset.published;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The readers of CIFAR read or refuse any bytes")
class CifarFuzzTest {

    private static final List<CifarFormat> FORMATS = List.of(
            new CifarFormat.Binary(1),
            new CifarFormat.Binary(2),
            new CifarFormat.Pickled("fine_labels", "fine_label_names"));

    @FuzzTest
    @DisplayName("as images, or as the names of the classes")
    void file(byte[] content) throws Exception {
        for (CifarFormat format : FORMATS) {
            UntrustedInput.readOrRefused(() -> images(format, content), IOException.class);
            UntrustedInput.readOrRefused(() -> format.classNames(new ByteArrayInputStream(content)), IOException.class);
        }
    }

    private static List<Integer> images(CifarFormat format, byte[] content) throws IOException {
        List<Integer> labels = new ArrayList<>();
        format.read(new ByteArrayInputStream(content), (label, _, _) -> labels.add(label));
        return labels;
    }
}
