package dev.reverie.gpu.dataset.matlab;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The reader of MAT-files reads or refuses any bytes")
class MatFileFuzzTest {

    @FuzzTest
    @DisplayName("as named arrays of numbers")
    void file(byte[] content) throws Exception {
        UntrustedInput.readOrRefused(() -> sum(content), FileFormatException.class);
    }

    private static double sum(byte[] content) throws Exception {
        double[] sum = {0};
        MatFile.read(new ByteArrayInputStream(content), array -> {
            long count =
                    array.dimensions().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
            for (long i = 0; i < count; i++) {
                sum[0] += array.next();
            }
        });
        return sum[0];
    }
}
